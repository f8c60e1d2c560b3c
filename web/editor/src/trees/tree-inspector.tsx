// The chosen node: type, text and properties, each edited where it stands.
import type { ComponentTree, ComponentTreeNode } from 'codeforge-core';
import { useCore } from 'codeforge-core/react';
import { Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useRoutePart } from '../navigation';
import { removeItem, updateItem, useItemPart } from '../store-hooks';
import { timeAgo } from '../time';
import { Field, TextField } from '../ui';
import { isObject } from '../value-text';
import { offeredTypes } from './node-types';
import { PropRow } from './prop-row';
import { TreeCommands } from './tree-commands';
import { childNodes, findRow, outline, textOf } from './tree-edit';

const treeOf = (tree: ComponentTree | undefined) => tree;

const kinds = { text: '', number: 0, 'yes / no': false, structure: {} } as const;

function AddProp({ taken, add }: { taken: readonly string[]; add: (name: string, value: unknown) => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<keyof typeof kinds>('text');
  const isTaken = taken.includes(name);
  return (
    <form className="add-prop" onSubmit={(event) => {
      event.preventDefault();
      if (!name || isTaken) return;
      add(name, kinds[kind]);
      setName('');
    }}>
      <input className={`input mono${isTaken ? ' bad' : ''}`} aria-label="New property" placeholder="property" value={name} aria-invalid={isTaken} data-testid="new-prop" onChange={(event) => setName(event.target.value.trim())} />
      <select className="input" aria-label="Kind of the new property" value={kind} onChange={(event) => setKind(event.target.value as keyof typeof kinds)}>
        {Object.keys(kinds).map((option) => <option key={option}>{option}</option>)}
      </select>
      <button type="submit" className="button" aria-label="Add property" disabled={!name || isTaken}><Plus size={14} aria-hidden /></button>
    </form>
  );
}

function NodePanels({ node, commands }: { node: ComponentTreeNode; commands: TreeCommands }) {
  const props = isObject(node.props) ? node.props : {};
  const text = textOf(node);
  const { name } = node as { name?: unknown };
  const names = Object.keys(props).filter((key) => key !== text?.key);
  const set = (key: string, value: unknown): void => commands.setProps(node, { ...props, [key]: value });
  return (
    <>
      <section className="panel">
        <h2 className="panel-title">Node<span className="badge">{childNodes(node).length} inside</span></h2>
        <TextField label="Type" mono list="node-types" value={String(node.type)} testId="node-type" onChange={(type) => commands.update({ nodeId: node.id, updates: { type } })} />
        <datalist id="node-types">{offeredTypes.map(({ type }) => <option key={type} value={type} />)}</datalist>
        {typeof name === 'string' && <TextField label="Name" value={name} onChange={(next) => commands.update({ nodeId: node.id, updates: { name: next } as Partial<ComponentTreeNode> })} />}
        <TextField label="Text" multiline value={text?.text ?? ''} testId="node-text" onChange={(next) => set(text?.key ?? 'text', next)} />
      </section>
      <section className="panel">
        <h2 className="panel-title">Properties</h2>
        {names.map((key) => (
          <PropRow key={key} name={key} value={props[key]} onChange={(value) => set(key, value)}
            onRemove={() => commands.setProps(node, Object.fromEntries(Object.entries(props).filter(([other]) => other !== key)))} />
        ))}
        <AddProp taken={Object.keys(props)} add={set} />
      </section>
    </>
  );
}

export function TreeInspector({ id }: { id: string }) {
  const core = useCore();
  const tree = useItemPart('componentTrees', id, treeOf);
  const selected = useRoutePart((route) => route.node);
  const commands = useMemo(() => new TreeCommands(core, id), [core, id]);
  if (!tree || !isObject(tree.root)) return null;
  const node = (selected !== null ? findRow(tree.root, selected)?.node : undefined) ?? tree.root;
  return (
    <>
      <NodePanels key={node.id} node={node} commands={commands} />
      <section className="panel">
        <h2 className="panel-title">Tree</h2>
        <TextField label="Name" value={tree.name} onChange={(name) => updateItem(core, 'componentTrees', id, { name })} />
        <Field label="Description">{(field) => <textarea id={field} className="input" rows={2} value={tree.description ?? ''} onChange={(event) => updateItem(core, 'componentTrees', id, { description: event.target.value })} />}</Field>
        <dl className="facts"><dt>Nodes</dt><dd>{outline(tree.root).length}</dd><dt>Changed</dt><dd>{timeAgo(tree.updatedAt)}</dd><dt>Node id</dt><dd className="mono" title={node.id}>{node.id}</dd></dl>
        <button type="button" className="button danger" onClick={() => removeItem(core, 'componentTrees', id, id)}><Trash2 size={14} aria-hidden />Delete tree</button>
      </section>
    </>
  );
}
