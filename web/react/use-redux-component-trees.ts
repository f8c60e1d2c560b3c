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
  /** What the device has, once that is recovered. */
  load(): Outcome<readonly ComponentTree[], undefined>;
  /** Shown at once; the promise settles when it is durable. */
  save(tree: ComponentTree): Outcome<ComponentTree, ComponentTree>;
  /** Gone at once; the promise settles when it is durable. */
  remove(id: string): Outcome<string, string>;
  /** Its tree is `activeTree` from now on, after a reload too. */
  setActive(id: string): void;
  /** Merges `updates` into the node with that id. */
  updateNode(treeId: string, nodeId: string, updates: Partial<ComponentTreeNode>): void;
}

/**
 * The component trees, the active one, and what can be done with them.
 *
 * @example
 * import { useEffect } from 'react';
 * const { trees, activeTree, load, save, remove, setActive, updateNode } = useReduxComponentTrees();
 * useEffect(() => {
 *   void load();
 *   setActive('t');
 *   updateNode('t', 'root', { props: { className: 'marked' } });
 *   void save({ ...trees[0], name: 'Home' }).then(() => remove('t'));
 * }, []);
 * return <h1>{activeTree?.name}</h1>;
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
