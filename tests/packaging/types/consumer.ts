// What a program in strict TypeScript writes; it is only type-checked.
import { createCore, files, thunks, type Core, type CoreStatus, type FileItem } from 'codeforge-core';

export async function main(): Promise<FileItem | undefined> {
  const core: Core = await createCore({ name: 'types', storage: 'memory' });
  const file: FileItem = { id: 'f', name: 'f', content: '', language: 'ts', path: '/', updatedAt: 1 };
  core.dispatch(files.addFile(file));
  const saved = await core.dispatch(thunks.files.saveFile(file));
  if (saved.error) throw new Error(saved.error.message);
  const status: CoreStatus = core.status();
  // @ts-expect-error a file has no member `size`
  core.dispatch(files.addFile({ ...file, size: 1 }));
  // @ts-expect-error there is no such slice
  core.read('nothing', 'f');
  return status.phase === 'ready' ? core.read('files', 'f') : undefined;
}
