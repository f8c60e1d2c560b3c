// A component tree: outline and live preview side by side; on a narrow screen one at a time.
import type { ComponentTree } from 'codeforge-core';
import { useCore } from 'codeforge-core/react';
import { ArrowDown, ArrowUp, CopyPlus, ListTree, Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useRoutePart } from '../navigation';
import { useItemPart } from '../store-hooks';
import { Empty, IconButton, Menu } from '../ui';
import { isObject } from '../value-text';
import { nodeTypeOf, offeredTypes } from './node-types';
import { Outline } from './outline';
import { Preview } from './preview';
import { TreeCommands } from './tree-commands';
import { findRow, type OutlineRow } from './tree-edit';

const rootOf = (tree: ComponentTree | undefined) => tree?.root;
const nameOf = (tree: ComponentTree | undefined): string => tree?.name ?? '';

function AddMenu({ row, commands }: { row: OutlineRow; commands: TreeCommands }) {
  return (
    <Menu name="Add a child" align="right" buttonClass="button" testId="add-node" label={<><Plus size={14} aria-hidden />Add</>}>
      {(close) => offeredTypes.map(({ type, props }) => {
        const Icon = nodeTypeOf(type)!.icon;
        return (
          <button key={type} type="button" role="menuitem" className="menu-item" onClick={() => { commands.addChild(row.node, type, props); close(); }}>
            <Icon size={15} aria-hidden />{type}
          </button>
        );
      })}
    </Menu>
  );
}

function Tools({ row, commands }: { row: OutlineRow; commands: TreeCommands }) {
  const isRoot = row.parent === null;
  return (
    <div className="row tree-tools" role="toolbar" aria-label="Node">
      <IconButton icon={ArrowUp} label="Move up (Alt+↑)" disabled={isRoot || row.index === 0} data-testid="node-up" onClick={() => commands.move(row, -1)} />
      <IconButton icon={ArrowDown} label="Move down (Alt+↓)" disabled={isRoot || row.index === row.siblings - 1} data-testid="node-down" onClick={() => commands.move(row, 1)} />
      <IconButton icon={CopyPlus} label="Duplicate" disabled={isRoot} data-testid="node-duplicate" onClick={() => commands.duplicate(row)} />
      <IconButton icon={Trash2} label="Delete" disabled={isRoot} data-testid="node-delete" onClick={() => commands.remove(row)} />
      <AddMenu row={row} commands={commands} />
    </div>
  );
}

export function TreeEditor({ id }: { id: string }) {
  const core = useCore();
  const root = useItemPart('componentTrees', id, rootOf);
  const name = useItemPart('componentTrees', id, nameOf);
  const selected = useRoutePart((route) => route.node);
  const [view, setView] = useState<'outline' | 'preview'>('preview');
  const commands = useMemo(() => new TreeCommands(core, id), [core, id]);
  if (!isObject(root)) return <Empty icon={ListTree} title="This tree has no root" text="It was imported without one. Delete it, or import it again." />;
  const row = (selected !== null ? findRow(root, selected) : undefined) ?? findRow(root, root.id)!;
  return (
    <>
      <div className="stage-head">
        <ListTree size={15} aria-hidden className="faint" />
        <h1 className="truncate grow">{name}</h1>
        <div className="segments narrow-only" role="group" aria-label="View">
          {(['outline', 'preview'] as const).map((choice) => (
            <button key={choice} type="button" aria-pressed={view === choice} onClick={() => setView(choice)}>{choice === 'outline' ? 'Outline' : 'Preview'}</button>
          ))}
        </div>
        <Tools row={row} commands={commands} />
      </div>
      <div className="stage-body tree-body" data-view={view}>
        <Outline root={root} onMove={commands.move} onDelete={commands.remove} />
        <Preview root={root} />
      </div>
    </>
  );
}
