// Actions and thunks of the slice `files`, under the names of the original.
import { files } from 'codeforge-core';

export type { FileItem, FilesState } from 'codeforge-core';

/**
 * Actions and thunks of the files, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const file = { id: 'b', name: 'b.ts', content: '', language: 'typescript', path: '/src', updatedAt: 1 };
 * store.dispatch(addFile(file)); // inserts, or replaces the one of that id
 * store.dispatch(updateFile({ ...file, content: 'let b;' })); // replaces the whole item, where there is one
 * store.dispatch(setActiveFile('b'));
 * store.getState().files.activeFileId; // 'b'
 * store.dispatch(clearActiveFile());
 * await store.dispatch(saveFile(file)).unwrap(); // durable on the device
 * (await store.dispatch(loadFiles()).unwrap()).some(({ id }) => id === 'b'); // true
 * await store.dispatch(deleteFile('b')).unwrap();
 * store.dispatch(setFiles([file])); // exactly these
 * store.getState().files.files.length; // 1
 * store.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await store.dispatch(syncFromFlask('b')).unwrap(); // the item as the server has it, after a pull
 * store.dispatch(addItems([file, { ...file, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(file));
 * store.read('files', 'b').id; // 'b'
 */
export const {
  setActiveFile, clearActiveFile, addFile, updateFile, setFiles,
  loadFiles, saveFile, deleteFile, syncFromFlask, addItem, addItems, updateItem, removeItem, setItems,
} = files;
