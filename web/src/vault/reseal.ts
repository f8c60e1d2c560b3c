// What lies beside the store and was written under another seal: backups, and files that a repair put aside. Both follow when a
// store is sealed, and come back in plain before its key is given up.
import type { CoreFile } from '../core-files.js';
import { openStandbyPlace } from '../durability/standby-place.js';
import { toHex, type Bytes } from './header.js';
import { isSealed, type Sealer } from './sealer.js';

const sha256 = async (bytes: Uint8Array): Promise<string> => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Bytes)));

const isWhole = async (bytes: Uint8Array | undefined, sum: string): Promise<boolean> => bytes !== undefined && (await sha256(bytes)) === sum;

async function inTurn(store: string, run: () => Promise<void>): Promise<void> {
  const { locks } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  await (locks ? locks.request(`codeforge-core:${store}:backups`, run) : run());
}

/** Every backup is sealed, or none is. One that is damaged stays as it is. Rejects when the place fails. */
export async function resealBackups(store: string, sealer: Sealer, sealed: boolean): Promise<void> {
  const { openBackupPlace } = await import('../backup/backup-place.js');
  await inTurn(store, async () => {
    const place = await openBackupPlace(store);
    for (const entry of (await place?.list()) ?? []) {
      if (entry.isSealed === sealed) continue;
      const name = `backup/${entry.id}`;
      const kept = (await place!.read(entry.id)) ?? new Uint8Array();
      // Sealed already, by a run that ended before it could say so.
      const half = sealed && isSealed(kept) ? await sealer.open(name, kept) : undefined;
      if (!(await isWhole(half ?? kept, entry.sha256))) continue;
      const bytes = sealed ? (half ? kept : await sealer.sealLater(name, kept)) : await sealer.open(name, kept);
      if (bytes !== undefined) await place!.write({ ...entry, bytes: bytes.length, sha256: await sha256(bytes), isSealed: sealed }, bytes);
    }
  });
}

/** Files that a repair put aside come back in plain. What the key does not open stays as it is. */
export async function unsealAside(path: string, sealer: Sealer): Promise<void> {
  const place = await openStandbyPlace(path);
  const aside = (await place?.quarantined()) ?? [];
  if (aside.some(([, bytes]) => isSealed(bytes)))
    await place!.quarantine(await Promise.all(aside.map(async ([name, bytes]): Promise<CoreFile> => [name, (await sealer.open(name, bytes)) ?? bytes])));
  place?.close();
}
