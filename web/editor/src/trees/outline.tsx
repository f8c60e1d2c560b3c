// The outline: one row per node. Arrow keys walk and fold, Alt and an arrow move the node, Delete deletes it.
import type { ComponentTreeNode } from 'codeforge-core';
import { ChevronRight, Component as UnknownIcon } from 'lucide-react';
import { memo, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { selectNode, useRoutePart } from '../navigation';
import { nodeTypeOf } from './node-types';
import { childNodes, labelOf, outline, textOf, type OutlineRow } from './tree-edit';
import { useWindow } from './use-window';

interface RowProps {
  node: ComponentTreeNode;
  depth: number;
  /** Among its siblings, from 1: a reader of a list that is drawn in part cannot count them. */
  position: number;
  siblings: number;
  /** Where it stands in a list that is drawn in part, in CSS pixels from the top. */
  top: number | undefined;
  isFolded: boolean;
  isTabStop: boolean;
  toggle: (id: string) => void;
}

const Row = memo(function Row({ node, depth, position, siblings, top, isFolded, isTabStop, toggle }: RowProps) {
  const isSelected = useRoutePart((route) => route.node === node.id);
  const hasChildren = childNodes(node).length > 0;
  const Icon = nodeTypeOf(String(node.type))?.icon ?? UnknownIcon;
  return (
    <div role="treeitem" className="outline-row" aria-level={depth + 1} aria-posinset={position} aria-setsize={siblings} aria-selected={isSelected} aria-expanded={hasChildren ? !isFolded : undefined}
      tabIndex={isTabStop ? 0 : -1} data-node-row={node.id} data-testid="outline-row" style={{ paddingLeft: 8 + depth * 14, ...(top === undefined ? {} : { position: 'absolute', insetInline: 0, top }) }} onClick={() => selectNode(node.id)}>
      <span className={`fold${hasChildren ? '' : ' none'}`} aria-hidden onClick={(event) => { event.stopPropagation(); toggle(node.id); }}>
        {hasChildren && <ChevronRight size={13} style={{ transform: isFolded ? 'none' : 'rotate(90deg)' }} />}
      </span>
      <Icon size={14} aria-hidden />
      <span className="truncate outline-name">{labelOf(node)}</span>
      <span className="truncate outline-text">{textOf(node)?.text ?? ''}</span>
    </div>
  );
});

interface OutlineProps {
  root: ComponentTreeNode;
  onMove: (row: OutlineRow, step: -1 | 1) => void;
  onDelete: (row: OutlineRow) => void;
}

export function Outline({ root, onMove, onDelete }: OutlineProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const selected = useRoutePart((route) => route.node);
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => outline(root, (id) => !folded.has(id)), [root, folded]);
  const at = rows.findIndex((row) => row.node.id === selected);
  const toggle = useCallback((id: string) => setFolded((before) => {
    const after = new Set(before);
    if (!after.delete(id)) after.add(id);
    return after;
  }), []);
  // The row that had the focus may be gone by the time the next one is there to take it.
  const isByKey = useRef(false);
  const part = useWindow(list, rows.length);
  const reveal = part?.reveal;
  // Before the effect below looks for its row: the row must be among the drawn ones.
  useEffect(() => { if (at >= 0) reveal?.(at); }, [at, reveal]);
  useEffect(() => {
    const row = selected === null ? null : list.current?.querySelector<HTMLElement>(`[data-node-row="${CSS.escape(selected)}"]`);
    row?.scrollIntoView({ block: 'nearest' });
    if (isByKey.current || list.current?.contains(document.activeElement)) row?.focus({ preventScroll: true });
    isByKey.current = false;
  }, [selected, rows]);

  const onKeyDown = (event: KeyboardEvent): void => {
    // Without a chosen node the root stands for it, as in the inspector.
    const current = Math.max(at, 0);
    const row = rows[current];
    const handled = ((): boolean => {
      if (!row) return false;
      const { node, parent } = row;
      const hasChildren = childNodes(node).length > 0;
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp': {
          const step = event.key === 'ArrowDown' ? 1 : -1;
          if (event.altKey) onMove(row, step);
          else selectNode(rows[Math.min(rows.length - 1, Math.max(0, current + step))]!.node.id);
          return true;
        }
        case 'ArrowRight':
          if (hasChildren && folded.has(node.id)) toggle(node.id);
          else if (hasChildren) selectNode(childNodes(node)[0]!.id);
          return true;
        case 'ArrowLeft':
          if (hasChildren && !folded.has(node.id)) toggle(node.id);
          else if (parent) selectNode(parent.id);
          return true;
        case 'Home':
          selectNode(rows[0]!.node.id);
          return true;
        case 'End':
          selectNode(rows.at(-1)!.node.id);
          return true;
        case 'Delete':
          onDelete(row);
          return true;
        default:
          return false;
      }
    })();
    isByKey.current = handled;
    if (handled) event.preventDefault();
  };

  const tabStop = Math.max(at, 0);
  const draw = ({ node, depth, index: place, siblings }: OutlineRow, index: number): ReactElement => (
    <Row key={`${node.id}/${index}`} node={node} depth={depth} position={place + 1} siblings={siblings} top={part ? index * part.rowHeight : undefined}
      isFolded={folded.has(node.id)} isTabStop={index === tabStop} toggle={toggle} />
  );
  const drawPart = ({ start, end }: { start: number; end: number }): ReactElement[] => {
    // The row that can have the focus is always drawn, or scrolling would take the focus away.
    const stop = rows[tabStop] && (tabStop < start || tabStop >= end) ? [draw(rows[tabStop], tabStop)] : [];
    const drawn = rows.slice(start, end).map((row, offset) => draw(row, start + offset));
    return tabStop < start ? [...stop, ...drawn] : [...drawn, ...stop];
  };
  return (
    <div className="outline" role="tree" aria-label="Outline" ref={list} onKeyDown={onKeyDown}>
      {part === undefined ? rows.map(draw) : <div role="presentation" style={{ position: 'relative', height: rows.length * part.rowHeight }}>{drawPart(part)}</div>}
    </div>
  );
}
