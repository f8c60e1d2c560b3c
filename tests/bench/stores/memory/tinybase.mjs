// TinyBase: a row for each item; a row for each node with its parent and place.
import { createStore } from 'tinybase';
import { rowItems, rowTree } from '../tinybase-rows.mjs';

export default { open: () => rowItems(createStore()), openTree: (root) => rowTree(createStore(), root) };
