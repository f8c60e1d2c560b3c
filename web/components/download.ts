// Everything as one file, and back.
import type { Core, ImportAllReport, ImportOptions } from 'codeforge-core';

/** As much as the core takes in one import, in bytes. */
export const maxImportBytes = 256 * 1024 * 1024;

/** Hands a file to the browser's download. */
export function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  // The browser has taken the address by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Saves everything as a JSON file through the browser's download. Never rejects: where the part of the program that does it by steps
 * cannot be loaded (no network), the project's slices are saved at once.
 *
 * @returns the name of the file and its size in bytes
 * @example
 * <button onClick={() => downloadExport(core)}>Save as a file</button>
 */
export async function downloadExport(core: Core): Promise<{ name: string; bytes: number }> {
  const stem = (core.getState().project.currentProject?.name ?? 'codeforge-data').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').toLowerCase();
  const name = `${stem || 'codeforge-data'}-${new Date().toISOString().slice(0, 10)}.json`;
  const file: Blob = await core.exportAll().catch(() => new Blob([JSON.stringify(core.exportProject())], { type: 'application/json' }));
  download(file, name);
  return { name, bytes: file.size };
}

/**
 * Hands a file to the core: JSON, or JSON under gzip. Rejects with CoreError when it is too large or none of the formats.
 *
 * @example
 * const report = await importFile(core, new File([JSON.stringify(core.exportProject())], 'shop.json'));
 */
export const importFile = (core: Core, file: File, options?: ImportOptions): Promise<ImportAllReport> => core.importAll(file, options);
