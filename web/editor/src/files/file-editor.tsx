// One file in CodeMirror. Every change is dispatched at once; saving is the core's.
import type { FileItem } from 'codeforge-core';
import { useCore } from 'codeforge-core/react';
import { FileCode2, Trash2 } from 'lucide-react';
import { removeItem, updateItem, useItemPart } from '../store-hooks';
import { byteText, fullTime, timeAgo } from '../time';
import { SelectField, TextField } from '../ui';
import { Code } from './code';
import { languageByName, languageNames } from './languages';

const languages = [...new Set(Object.values(languageNames))];
const nameOf = (file: FileItem | undefined): string => file?.name ?? '';
const pathOf = (file: FileItem | undefined): string => file?.path ?? '';
const languageOf = (file: FileItem | undefined): string => file?.language ?? '';
const timeOf = (file: FileItem | undefined): number => file?.updatedAt ?? 0;
const contentOf = (file: FileItem | undefined): string => file?.content ?? '';

function Path({ id }: { id: string }) {
  const path = useItemPart('files', id, pathOf);
  const parts = path.split('/').filter(Boolean);
  return (
    <div className="path mono truncate" title={path}>
      {parts.map((part, index) => (
        <span key={index} className={index === parts.length - 1 ? 'leaf' : ''}>{index > 0 && <i aria-hidden>/</i>}{part}</span>
      ))}
    </div>
  );
}

export function FileEditor({ id }: { id: string }) {
  const core = useCore();
  const name = useItemPart('files', id, nameOf);
  const language = useItemPart('files', id, languageOf);
  const content = useItemPart('files', id, contentOf);
  return (
    <>
      <div className="stage-head">
        <FileCode2 size={15} aria-hidden className="faint" />
        <Path id={id} />
        <span className="badge">{languageByName(name) ?? language}</span>
      </div>
      <div className="stage-body code-body">
        <Code value={content} name={name} language={language} label={`Content of ${name}`} onChange={(text) => updateItem(core, 'files', id, { content: text })} />
      </div>
    </>
  );
}

function Size({ id }: { id: string }) {
  const content = useItemPart('files', id, contentOf);
  const time = useItemPart('files', id, timeOf);
  return (
    <dl className="facts">
      <dt>Lines</dt><dd>{content.split('\n').length.toLocaleString()}</dd>
      <dt>Size</dt><dd>{byteText(new Blob([content]).size)}</dd>
      <dt>Changed</dt><dd title={time ? fullTime(time) : undefined}>{timeAgo(time)}</dd>
      <dt>Id</dt><dd className="mono" title={id}>{id}</dd>
    </dl>
  );
}

function Name({ id }: { id: string }) {
  const core = useCore();
  const name = useItemPart('files', id, nameOf);
  const rename = (next: string): void => {
    const language = languageByName(next);
    updateItem(core, 'files', id, { name: next, ...(language ? { language } : {}) });
  };
  return <TextField label="Name" value={name} testId="file-name" onChange={rename} />;
}

function Place({ id }: { id: string }) {
  const core = useCore();
  const path = useItemPart('files', id, pathOf);
  const language = useItemPart('files', id, languageOf);
  return (
    <>
      <TextField label="Path" mono value={path} onChange={(next) => updateItem(core, 'files', id, { path: next })} />
      <SelectField label="Language" value={language} options={languages} onChange={(next) => updateItem(core, 'files', id, { language: next })} />
    </>
  );
}

/** While a text is being typed only its size is drawn again. */
export function FileInspector({ id }: { id: string }) {
  const core = useCore();
  return (
    <>
      <section className="panel">
        <h2 className="panel-title">File</h2>
        <Name id={id} />
        <Place id={id} />
      </section>
      <section className="panel"><Size id={id} /></section>
      <section className="panel">
        <button type="button" className="button danger" onClick={() => removeItem(core, 'files', id, id)}><Trash2 size={14} aria-hidden />Delete file</button>
      </section>
    </>
  );
}
