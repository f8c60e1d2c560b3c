// Component trees as values: find, walk, and the one-node updates that `componentTrees/updateTreeNode` takes. Pure.
import type { ComponentTreeNode } from 'codeforge-core';
import { newId } from '../new-id';
import { isObject } from '../value-text';

/** Deeper nodes are not shown: such a file is an accident, and drawing it would stop the page. */
export const maxDepth = 60;

export interface NodeUpdate {
  readonly nodeId: string;
  readonly updates: Partial<ComponentTreeNode>;
}

export interface OutlineRow {
  readonly node: ComponentTreeNode;
  readonly depth: number;
  readonly parent: ComponentTreeNode | null;
  readonly index: number;
  readonly siblings: number;
}

/** Imported trees may hold texts or anything else among the children; only nodes can be edited. */
export const childNodes = (node: ComponentTreeNode): readonly ComponentTreeNode[] => {
  const { children } = node as { children?: unknown };
  return Array.isArray(children) ? children.filter((child): child is ComponentTreeNode => isObject(child) && typeof child.id === 'string') : [];
};

/** All nodes in the order of an outline; a stack of its own, so depth costs no call stack. */
export function outline(root: ComponentTreeNode, isOpen: (id: string) => boolean = () => true): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const stack: OutlineRow[] = [{ node: root, depth: 0, parent: null, index: 0, siblings: 1 }];
  for (let row = stack.pop(); row; row = stack.pop()) {
    rows.push(row);
    const { node, depth } = row;
    if (depth + 1 >= maxDepth || !isOpen(node.id)) continue;
    const children = childNodes(node);
    for (let index = children.length - 1; index >= 0; index--)
      stack.push({ node: children[index]!, depth: depth + 1, parent: node, index, siblings: children.length });
  }
  return rows;
}

export const findRow = (root: ComponentTreeNode, id: string): OutlineRow | undefined => outline(root).find((row) => row.node.id === id);

/** The text that a node shows, and the property that holds it. */
export function textOf(node: ComponentTreeNode): { readonly key: string; readonly text: string } | null {
  const props = node.props ?? {};
  for (const key of ['text', 'children', 'label', 'content', 'title']) {
    const value = props[key];
    if (typeof value === 'string') return { key, text: value };
  }
  return null;
}

export const labelOf = (node: ComponentTreeNode): string => {
  const { name } = node as { name?: unknown };
  return typeof name === 'string' && name !== '' ? name : String(node.type);
};

const withChildren = (parent: ComponentTreeNode, children: readonly ComponentTreeNode[]): NodeUpdate => ({ nodeId: parent.id, updates: { children: [...children] } });

export function addChild(parent: ComponentTreeNode, type: string, props: Record<string, unknown>): { readonly update: NodeUpdate; readonly id: string } {
  const child: ComponentTreeNode = { id: newId('node'), type, props };
  return { update: withChildren(parent, [...childNodes(parent), child]), id: child.id };
}

export const removeNode = ({ node, parent }: OutlineRow): NodeUpdate | null =>
  parent && withChildren(parent, childNodes(parent).filter((child) => child.id !== node.id));

function copyNode(node: ComponentTreeNode, depth = 0): ComponentTreeNode {
  const children = childNodes(node);
  const copy: ComponentTreeNode = { ...node, id: newId('node') };
  if (children.length > 0 && depth < maxDepth) copy.children = children.map((child) => copyNode(child, depth + 1));
  return copy;
}

export function duplicateNode({ node, parent, index }: OutlineRow): { readonly update: NodeUpdate; readonly id: string } | null {
  if (!parent) return null;
  const copy = copyNode(node);
  const children = [...childNodes(parent)];
  children.splice(index + 1, 0, copy);
  return { update: withChildren(parent, children), id: copy.id };
}

/** Up (-1) or down (1) among its siblings; null at the end. */
export function moveNode({ node, parent, index, siblings }: OutlineRow, step: -1 | 1): NodeUpdate | null {
  if (!parent || index + step < 0 || index + step >= siblings) return null;
  const children = childNodes(parent).filter((child) => child.id !== node.id);
  children.splice(index + step, 0, node);
  return withChildren(parent, children);
}
