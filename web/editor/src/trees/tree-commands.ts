// Editing a tree through the store, one node at a time.
import type { ComponentTreeNode, Core } from 'codeforge-core';
import { selectNode } from '../navigation';
import { showToast } from '../toasts';
import { addChild, childNodes, duplicateNode, labelOf, moveNode, removeNode, type NodeUpdate, type OutlineRow } from './tree-edit';

export class TreeCommands {
  readonly #core: Core;
  readonly #treeId: string;

  constructor(core: Core, treeId: string) {
    this.#core = core;
    this.#treeId = treeId;
  }

  update({ nodeId, updates }: NodeUpdate): void {
    this.#core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: this.#treeId, nodeId, updates } });
  }

  setProps(node: ComponentTreeNode, props: Record<string, unknown>): void {
    this.update({ nodeId: node.id, updates: { props } });
  }

  addChild(parent: ComponentTreeNode, type: string, props: Record<string, unknown>): void {
    const { update, id } = addChild(parent, type, props);
    this.update(update);
    selectNode(id);
  }

  duplicate(row: OutlineRow): void {
    const copy = duplicateNode(row);
    if (!copy) return;
    this.update(copy.update);
    selectNode(copy.id);
  }

  readonly move = (row: OutlineRow, step: -1 | 1): void => {
    const update = moveNode(row, step);
    if (update) this.update(update);
  };

  /** At once, with an undo that puts the node back where its parent still is. */
  readonly remove = (row: OutlineRow): void => {
    const { node, parent, index } = row;
    const update = removeNode(row);
    if (!update || !parent) return;
    const next = childNodes(parent)[index + 1] ?? childNodes(parent)[index - 1] ?? parent;
    this.update(update);
    selectNode(next.id);
    showToast({ tone: 'plain', text: `Deleted ${labelOf(node)}`, action: { label: 'Undo', run: () => this.#restore(row) } });
  };

  #restore({ node, parent, index }: OutlineRow): void {
    const tree = this.#core.read('componentTrees', this.#treeId);
    const current = tree && parent && findNode(tree.root, parent.id);
    if (!current) return;
    const children = [...childNodes(current)];
    children.splice(index, 0, node);
    this.update({ nodeId: current.id, updates: { children } });
    selectNode(node.id);
  }
}

function findNode(root: ComponentTreeNode, id: string): ComponentTreeNode | undefined {
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.id === id) return node;
    stack.push(...childNodes(node));
  }
  return undefined;
}
