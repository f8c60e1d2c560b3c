// One component: its code, and a table of the properties it takes.
import type { Component, ComponentProp } from 'codeforge-core';
import { useCore, useItem } from 'codeforge-core/react';
import { Blocks, Plus, Trash2, X } from 'lucide-react';
import { Code } from '../files/code';
import { removeItem, updateItem, useItemPart } from '../store-hooks';
import { timeAgo } from '../time';
import { IconButton, SelectField, Switch, TextField } from '../ui';
import { isObject } from '../value-text';

const kinds = ['atom', 'molecule', 'organism'];
const propTypes = ['string', 'number', 'boolean', 'node', 'function', 'object', 'array'];
const nameOf = (component: Component | undefined): string => component?.name ?? '';
const typeOf = (component: Component | undefined): string => component?.type ?? '';
const codeOf = (component: Component | undefined): string => component?.code ?? '';

export function ComponentEditor({ id }: { id: string }) {
  const core = useCore();
  const name = useItemPart('components', id, nameOf);
  const type = useItemPart('components', id, typeOf);
  const code = useItemPart('components', id, codeOf);
  return (
    <>
      <div className="stage-head">
        <Blocks size={15} aria-hidden className="faint" />
        <h1 className="truncate grow">{name}</h1>
        <span className="badge">{type}</span>
      </div>
      <div className="stage-body code-body">
        <Code value={code} name={`${name}.tsx`} language="typescript" label={`Code of ${name}`} onChange={(text) => updateItem(core, 'components', id, { code: text })} />
      </div>
    </>
  );
}

function PropRow({ prop, change, remove }: { prop: ComponentProp; change: (changes: Partial<ComponentProp>) => void; remove: () => void }) {
  return (
    <div className="prop-card">
      <div className="row">
        <input className="quiet-input mono grow" aria-label="Property name" value={prop.name} onChange={(event) => change({ name: event.target.value })} />
        <select className="quiet-input" style={{ width: 92 }} aria-label={`Type of ${prop.name}`} value={prop.type} onChange={(event) => change({ type: event.target.value })}>
          {(propTypes.includes(prop.type) ? propTypes : [prop.type, ...propTypes]).map((type) => <option key={type}>{type}</option>)}
        </select>
        <IconButton icon={X} label={`Delete ${prop.name}`} size={14} className="small" onClick={remove} />
      </div>
      <div className="row">
        <input className="quiet-input grow" aria-label={`Description of ${prop.name}`} placeholder="Description" value={prop.description ?? ''} onChange={(event) => change({ description: event.target.value })} />
        <span className="faint" style={{ fontSize: 12 }}>Required</span>
        <Switch label={`${prop.name} is required`} checked={prop.required === true} onChange={(required) => change({ required })} />
      </div>
    </div>
  );
}

/** Declared properties, or the values that an imported component carries in their place. */
function Props({ id, component }: { id: string; component: Component }) {
  const core = useCore();
  const given: unknown = component.props;
  if (isObject(given)) {
    return (
      <section className="panel">
        <h2 className="panel-title">Values</h2>
        <pre className="snippet">{JSON.stringify(given, null, 2)}</pre>
      </section>
    );
  }
  const props = component.props ?? [];
  const setProps = (next: ComponentProp[]): void => updateItem(core, 'components', id, { props: next });
  return (
    <section className="panel">
      <h2 className="panel-title">Properties
        <IconButton icon={Plus} label="Add property" className="small push-right" onClick={() => setProps([...props, { name: `prop${props.length + 1}`, type: 'string', required: false }])} />
      </h2>
      {props.map((prop, index) => (
        <PropRow key={index} prop={prop} remove={() => setProps(props.filter((_, at) => at !== index))}
          change={(changes) => setProps(props.map((other, at) => (at === index ? { ...other, ...changes } : other)))} />
      ))}
      {props.length === 0 && <p className="faint">It takes no properties.</p>}
    </section>
  );
}

export function ComponentInspector({ id }: { id: string }) {
  const core = useCore();
  const component = useItem('components', id) as Component | undefined;
  if (!component) return null;
  return (
    <>
      <section className="panel">
        <h2 className="panel-title">Component</h2>
        <TextField label="Name" value={component.name} onChange={(name) => updateItem(core, 'components', id, { name })} />
        <SelectField label="Level" value={component.type} options={kinds} onChange={(type) => updateItem(core, 'components', id, { type: type as Component['type'] })} />
        <dl className="facts"><dt>Changed</dt><dd>{timeAgo(component.updatedAt)}</dd><dt>Id</dt><dd className="mono" title={id}>{id}</dd></dl>
      </section>
      <Props id={id} component={component} />
      <section className="panel">
        <button type="button" className="button danger" onClick={() => removeItem(core, 'components', id, id)}><Trash2 size={14} aria-hidden />Delete component</button>
      </section>
    </>
  );
}
