// TinyBase's mergeable store, which stamps every cell so that devices can be merged; closest to what a store that syncs must keep.
import { createMergeableStore } from 'tinybase';
import { rowItems, rowTree } from '../tinybase-rows.mjs';

export default { open: () => rowItems(createMergeableStore('bench')), openTree: (root) => rowTree(createMergeableStore('bench'), root) };
