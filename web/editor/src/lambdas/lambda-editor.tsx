// One lambda: its code in CodeMirror.
import type { Lambda } from 'codeforge-core';
import { useCore, useItem } from 'codeforge-core/react';
import { Braces, Trash2 } from 'lucide-react';
import { Code } from '../files/code';
import { removeItem, updateItem, useItemPart } from '../store-hooks';
import { timeAgo } from '../time';
import { SelectField, TextField } from '../ui';

const runtimes = ['nodejs20.x', 'nodejs18.x', 'python3.12', 'python3.11'];
const nameOf = (lambda: Lambda | undefined): string => lambda?.name ?? '';
const runtimeOf = (lambda: Lambda | undefined): string => lambda?.runtime ?? '';
const codeOf = (lambda: Lambda | undefined): string => lambda?.code ?? '';

export function LambdaEditor({ id }: { id: string }) {
  const core = useCore();
  const name = useItemPart('lambdas', id, nameOf);
  const runtime = useItemPart('lambdas', id, runtimeOf);
  const code = useItemPart('lambdas', id, codeOf);
  const isScript = !runtime.startsWith('python');
  return (
    <>
      <div className="stage-head">
        <Braces size={15} aria-hidden className="faint" />
        <h1 className="truncate grow">{name}</h1>
        <span className="badge mono">{runtime}</span>
      </div>
      <div className="stage-body code-body">
        <Code value={code} name={isScript ? `${name}.js` : `${name}.py`} language="" label={`Code of ${name}`} onChange={(text) => updateItem(core, 'lambdas', id, { code: text })} />
      </div>
    </>
  );
}

export function LambdaInspector({ id }: { id: string }) {
  const core = useCore();
  const lambda = useItem('lambdas', id) as Lambda | undefined;
  if (!lambda) return null;
  const change = (changes: Partial<Lambda>): void => updateItem(core, 'lambdas', id, changes);
  return (
    <>
      <section className="panel">
        <h2 className="panel-title">Lambda</h2>
        <TextField label="Name" value={lambda.name} onChange={(name) => change({ name })} />
        <TextField label="Description" multiline value={lambda.description ?? ''} onChange={(description) => change({ description })} />
        <SelectField label="Runtime" value={lambda.runtime} options={runtimes} onChange={(runtime) => change({ runtime })} />
        <TextField label="Handler" mono value={lambda.handler} onChange={(handler) => change({ handler })} />
      </section>
      <section className="panel">
        <dl className="facts"><dt>Changed</dt><dd>{timeAgo(lambda.updatedAt)}</dd><dt>Id</dt><dd className="mono" title={id}>{id}</dd></dl>
      </section>
      <section className="panel">
        <button type="button" className="button danger" onClick={() => removeItem(core, 'lambdas', id, id)}><Trash2 size={14} aria-hidden />Delete lambda</button>
      </section>
    </>
  );
}
