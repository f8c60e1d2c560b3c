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
  /** What the device has, once that is recovered. */
  load(): Outcome<readonly FileItem[], undefined>;
  /** Shown at once; the promise settles when it is durable. */
  save(file: FileItem): Outcome<FileItem, FileItem>;
  /** Gone at once; the promise settles when it is durable. */
  remove(id: string): Outcome<string, string>;
  /** Its file is `activeFile` from now on, after a reload too. */
  setActive(id: string): void;
}

/**
 * The files, the active one, and what can be done with them.
 *
 * @example
 * import { useEffect } from 'react';
 * const { files, activeFile, loading, error, load, save, remove, setActive } = useReduxFiles();
 * useEffect(() => {
 *   void load();
 *   setActive('a');
 *   void save({ ...files[0], content: 'export {};' }).then(() => remove('a'));
 * }, []);
 * return <p>{loading ? 'loading' : error ?? `${files.length} files, ${activeFile?.name ?? 'none'} is open`}</p>;
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
