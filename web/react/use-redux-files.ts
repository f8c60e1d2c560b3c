// useReduxFiles(): the files, the active one, and what can be done with them.
import { useMemo } from 'react';
import { files, type FileItem, type FulfilledAction, type RejectedAction } from 'codeforge-core';
import { useCore } from './context.js';
import { useCoreSelector, useItem } from './use-core-selector.js';

type Outcome<Returned, Arg> = Promise<FulfilledAction<Returned, Arg> | RejectedAction<Arg>>;

export interface ReduxFiles {
  files: readonly FileItem[];
  activeFile: FileItem | undefined;
  activeFileId: string | null;
  loading: boolean;
  error: string | null;
  load(): Outcome<readonly FileItem[], undefined>;
  /** Shown at once; the promise settles when it is durable. */
  save(file: FileItem): Outcome<FileItem, FileItem>;
  remove(id: string): Outcome<string, string>;
  setActive(id: string): void;
}

/**
 * The files, the active one, and what can be done with them.
 *
 * @example
 * const { files, save, setActive } = useReduxFiles();
 * const names = files.map((file) => file.name);
 */
export function useReduxFiles(): ReduxFiles {
  const { dispatch } = useCore();
  const state = useCoreSelector((root) => root.files);
  const activeFile = useItem('files', state.activeFileId);
  const run = useMemo(() => ({
    load: () => dispatch(files.loadFiles()),
    save: (file: FileItem) => dispatch(files.saveFile(file)),
    remove: (id: string) => dispatch(files.deleteFile(id)),
    setActive: (id: string) => void dispatch(files.setActiveFile(id)),
  }), [dispatch]);
  return { files: state.files, activeFile, activeFileId: state.activeFileId, loading: state.loading, error: state.error, ...run };
}
