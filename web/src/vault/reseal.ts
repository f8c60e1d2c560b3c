// What lies beside the store and was written under another seal: backups, and files that a repair put aside. Both follow when a
// store is sealed, and come back in plain before its key is given up.
import type { CoreFile } from '../core-files.js';
import { openStandbyPlace } from '../durability/standby-place.js';
import { toHex, type Bytes } from './header.js';
import { isSealed, type Sealer } from './sealer.js';

const sha256 = async (bytes: Uint8Array): Promise<string> => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Bytes)));

const isWhole = async (bytes: Uint8Array, sum: string): Promise<boolean> => (await sha256(bytes)) === sum;

async function inTurn(store: string, run: () => Promise<void>): Promise<void> {
  const { locks } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  await (locks ? locks.request(`codeforge-core:${store}:backups`, run) : run());
}

/** What the store's backups are to be sealed with; null: with nothing. */
export interface BackupSeal {
  sealer: Sealer;
  /** As a backup carries it, so that the passphrase opens it also when the store is lost. */
  header: string;
}

/**
 * Every backup is sealed as the store is, or none is. `opened` gives what was sealed in plain, and undefined where it cannot.
 * A backup that is damaged stays as it is. Rejects when the place fails.
 */
export async function resealBackups(store: string, seal: BackupSeal | null, opened: (name: string, bytes: Uint8Array, header: string | null) => Promise<Uint8Array | undefined>): Promise<void> {
  const { openBackupPlace } = await import('../backup/backup-place.js');
  await inTurn(store, async () => {
    const place = await openBackupPlace(store);
    for (const entry of (await place?.list()) ?? []) {
      if (entry.seal === (seal?.header ?? null)) continue;
      const name = `backup/${entry.id}`;
      const kept = (await place!.read(entry.id)) ?? new Uint8Array();
      const plain = isSealed(kept) ? await opened(name, kept, entry.seal) : kept;
      // The sum is of what is kept; of the plain bytes where an earlier run ended before it could say that they are sealed.
      if (plain === undefined || !((await isWhole(kept, entry.sha256)) || (await isWhole(plain, entry.sha256)))) continue;
      const bytes = seal === null ? plain : await seal.sealer.sealLater(name, plain);
      await place!.write({ ...entry, bytes: bytes.length, sha256: await sha256(bytes), seal: seal?.header ?? null }, bytes);
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
