// Everything as one JSON file, and back.
import type { Core, ImportReport } from 'codeforge-core';

/** As much as the core takes in one import, in bytes. */
export const maxImportBytes = 256 * 1024 * 1024;

/**
 * Saves everything as a JSON file through the browser's download.
 *
 * @returns the name of the file and its size in bytes
 * @example
 * <button onClick={() => downloadExport(core)}>Save as a file</button>
 */
export function downloadExport(core: Core): { name: string; bytes: number } {
  const blob = new Blob([JSON.stringify(core.exportProject(), null, 2)], { type: 'application/json' });
  const address = URL.createObjectURL(blob);
  const stem = (core.getState().project.currentProject?.name ?? 'codeforge-data').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').toLowerCase();
  const name = `${stem || 'codeforge-data'}-${new Date().toISOString().slice(0, 10)}.json`;
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  // The browser has taken the address by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return { name, bytes: blob.size };
}

/**
 * Reads a file and hands it to the core. Rejects with an Error that names the file and the limit when it is too large,
 * and with CoreError when it is none of the formats.
 *
 * @example
 * const report = await importFile(core, new File([JSON.stringify(core.exportProject())], 'shop.json'));
 */
export async function importFile(core: Core, file: File): Promise<ImportReport> {
  if (file.size > maxImportBytes) throw new Error(`${file.name} has ${file.size} bytes; the limit is ${maxImportBytes}`);
  return core.importProject(await file.text());
}
