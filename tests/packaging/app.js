// The smallest program that uses the package for real: opens a store, says what it found, adds a file, flushes.
import { createCore, files } from 'codeforge-core';

export async function visit(options = {}) {
  const core = await createCore({ name: 'packaging', ...options });
  const found = core.getState().files.files.map(({ id }) => id);
  core.dispatch(files.addFile({ id: `f${found.length}`, name: 'a.ts', content: 'x', language: 'typescript', path: '/a.ts', updatedAt: 1 }));
  await core.flush();
  const { save } = core.status();
  await core.close();
  return { found, save };
}
