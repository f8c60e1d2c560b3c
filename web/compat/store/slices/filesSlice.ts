// Actions and thunks of the slice `files`, under the names of the original.
import { files } from 'codeforge-core';

export type { FileItem, FilesState } from 'codeforge-core';
export const {
  setActiveFile, clearActiveFile, addFile, updateFile, setFiles,
  loadFiles, saveFile, deleteFile, syncFromFlask, addItem, addItems, updateItem, removeItem, setItems,
} = files;
