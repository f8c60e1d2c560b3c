// exportProject(): the state of every slice that belongs to the project, as importProject() reads it.
import type { RootState } from './generated/slices.js';
import type { ProjectExport } from './types.js';

export function exportProject(state: RootState, schema: number): ProjectExport {
  const slices: ProjectExport['slices'] = {};
  // Sync state and conflicts belong to this device and this server, not to the project.
  for (const [name, slice] of Object.entries(state)) if (name !== 'sync' && name !== 'conflicts') slices[name] = slice;
  return { format: 'codeforge-project', version: 1, ...(schema > 1 ? { schema } : {}), exportedAt: new Date().toISOString(), slices };
}
