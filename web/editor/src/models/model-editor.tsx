// A model as a table of fields. Members of a field that we do not know (an import's own) stay on it.
import type { Model, ModelField } from 'codeforge-core';
import { useCore, useItem } from 'codeforge-core/react';
import { ArrowDown, ArrowUp, Database, Plus, Trash2 } from 'lucide-react';
import { newId } from '../new-id';
import { removeItem, updateItem } from '../store-hooks';
import { fullTime, timeAgo } from '../time';
import { Empty, IconButton, Switch, TextField } from '../ui';
import { parseValue, valueText } from '../value-text';

const fieldTypes = ['string', 'number', 'integer', 'boolean', 'date', 'datetime', 'email', 'url', 'text', 'json', 'relation'];

interface RowProps {
  field: ModelField;
  isFirst: boolean;
  isLast: boolean;
  change: (changes: Partial<ModelField>) => void;
  move: (step: number) => void;
  remove: () => void;
}

function FieldRow({ field, isFirst, isLast, change, move, remove }: RowProps) {
  return (
    <tr data-testid="field-row">
      <td><input className="quiet-input mono" aria-label="Field name" value={field.name} onChange={(event) => change({ name: event.target.value })} /></td>
      <td><input className="quiet-input mono type" aria-label={`Type of ${field.name}`} list="field-types" value={field.type} onChange={(event) => change({ type: event.target.value })} /></td>
      <td className="center"><Switch label={`${field.name} is required`} checked={field.required === true} onChange={(required) => change({ required })} /></td>
      <td>
        <input className="quiet-input mono" aria-label={`Default of ${field.name}`} placeholder="none" value={valueText(field.defaultValue)}
          onChange={(event) => change({ defaultValue: event.target.value === '' ? null : parseValue(event.target.value) })} />
      </td>
      <td className="tools">
        <IconButton icon={ArrowUp} label={`Move ${field.name} up`} size={14} className="small" disabled={isFirst} onClick={() => move(-1)} />
        <IconButton icon={ArrowDown} label={`Move ${field.name} down`} size={14} className="small" disabled={isLast} onClick={() => move(1)} />
        <IconButton icon={Trash2} label={`Delete ${field.name}`} size={14} className="small" onClick={remove} />
      </td>
    </tr>
  );
}

export function ModelEditor({ id }: { id: string }) {
  const core = useCore();
  const model = useItem('models', id) as Model | undefined;
  if (!model) return null;
  const fields = Array.isArray(model.fields) ? model.fields : [];
  const setFields = (next: ModelField[]): void => updateItem(core, 'models', id, { fields: next });
  const move = (at: number, step: number): void => {
    const next = [...fields];
    next.splice(at + step, 0, ...next.splice(at, 1));
    setFields(next);
  };
  const add = (): void => setFields([...fields, { id: newId('field'), name: `field${fields.length + 1}`, type: 'string', required: false }]);
  return (
    <>
      <div className="stage-head">
        <Database size={15} aria-hidden className="faint" />
        <h1 className="truncate grow">{model.name}</h1>
        <button type="button" className="button" data-testid="add-field" onClick={add}><Plus size={14} aria-hidden />Field</button>
      </div>
      <div className="stage-body">
        <div className="stage-pad">
          {fields.length === 0 ? <Empty icon={Database} title="No fields yet" text="A field has a name, a type and, if you like, a default." /> : (
            <div className="table-frame">
              <table className="table">
                <thead><tr><th>Field</th><th>Type</th><th className="center">Required</th><th>Default</th><th><span className="visually-hidden">Actions</span></th></tr></thead>
                <tbody>
                  {fields.map((field, index) => (
                    <FieldRow key={field.id ?? index} field={field} isFirst={index === 0} isLast={index === fields.length - 1}
                      change={(changes) => setFields(fields.map((other, at) => (at === index ? { ...other, ...changes } : other)))}
                      move={(step) => move(index, step)} remove={() => setFields(fields.filter((_, at) => at !== index))} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <datalist id="field-types">{fieldTypes.map((type) => <option key={type} value={type} />)}</datalist>
        </div>
      </div>
    </>
  );
}

export function ModelInspector({ id }: { id: string }) {
  const core = useCore();
  const model = useItem('models', id) as Model | undefined;
  if (!model) return null;
  const fields = Array.isArray(model.fields) ? model.fields : [];
  return (
    <>
      <section className="panel">
        <h2 className="panel-title">Model</h2>
        <TextField label="Name" value={model.name} onChange={(name) => updateItem(core, 'models', id, { name })} />
        <dl className="facts">
          <dt>Fields</dt><dd>{fields.length}</dd>
          <dt>Required</dt><dd>{fields.filter((field) => field.required).length}</dd>
          <dt>Changed</dt><dd title={fullTime(model.updatedAt)}>{timeAgo(model.updatedAt)}</dd>
          <dt>Id</dt><dd className="mono" title={id}>{id}</dd>
        </dl>
      </section>
      <section className="panel"><TypePreview model={model} /></section>
      <section className="panel">
        <button type="button" className="button danger" onClick={() => removeItem(core, 'models', id, id)}><Trash2 size={14} aria-hidden />Delete model</button>
      </section>
    </>
  );
}

const scalar: Readonly<Record<string, string>> = { integer: 'number', int: 'number', float: 'number', date: 'string', datetime: 'string', email: 'string', url: 'string', text: 'string', json: 'unknown' };

function typeName(type: string): string {
  const lower = type.toLowerCase();
  return scalar[lower] ?? (['string', 'number', 'boolean'].includes(lower) ? lower : type);
}

/** The model as a TypeScript type, to see at once what the table means. */
function TypePreview({ model }: { model: Model }) {
  const lines = (Array.isArray(model.fields) ? model.fields : []).map((field) => `  ${field.name}${field.required ? '' : '?'}: ${typeName(String(field.type))};`);
  return (
    <>
      <h2 className="panel-title">As a type</h2>
      <pre className="snippet">{[`interface ${model.name} {`, ...lines, '}'].join('\n')}</pre>
    </>
  );
}
