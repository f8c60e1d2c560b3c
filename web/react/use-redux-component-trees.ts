// useReduxComponentTrees(): the trees, the active one, and what can be done with them.
import { useMemo } from 'react';
import { componentTrees, type ComponentTree, type ComponentTreeNode, type FulfilledAction, type RejectedAction } from 'codeforge-core';
import { useCore } from './context.js';
import { useCoreSelector, useItem } from './use-core-selector.js';

type Outcome<Returned, Arg> = Promise<FulfilledAction<Returned, Arg> | RejectedAction<Arg>>;

export interface ReduxComponentTrees {
  trees: readonly ComponentTree[];
  activeTree: ComponentTree | undefined;
  activeTreeId: string | null;
  loading: boolean;
  error: string | null;
  load(): Outcome<readonly ComponentTree[], undefined>;
  /** Shown at once; the promise settles when it is durable. */
  save(tree: ComponentTree): Outcome<ComponentTree, ComponentTree>;
  remove(id: string): Outcome<string, string>;
  setActive(id: string): void;
  /** Merges `updates` into the node with that id. */
  updateNode(treeId: string, nodeId: string, updates: Partial<ComponentTreeNode>): void;
}

/**
 * The component trees, the active one, and what can be done with them.
 *
 * @example
 * const { trees, updateNode } = useReduxComponentTrees();
 * const mark = () => updateNode('t', 'root', { props: { className: 'marked' } });
 */
export function useReduxComponentTrees(): ReduxComponentTrees {
  const { dispatch } = useCore();
  const state = useCoreSelector((root) => root.componentTrees);
  const activeTree = useItem('componentTrees', state.activeTreeId);
  const run = useMemo(() => ({
    load: () => dispatch(componentTrees.loadTrees()),
    save: (tree: ComponentTree) => dispatch(componentTrees.saveTree(tree)),
    remove: (id: string) => dispatch(componentTrees.deleteTree(id)),
    setActive: (id: string) => void dispatch(componentTrees.setActiveTree(id)),
    updateNode: (treeId: string, nodeId: string, updates: Partial<ComponentTreeNode>) =>
      void dispatch(componentTrees.updateTreeNode({ treeId, nodeId, updates })),
  }), [dispatch]);
  return { trees: state.trees, activeTree, activeTreeId: state.activeTreeId, loading: state.loading, error: state.error, ...run };
}
