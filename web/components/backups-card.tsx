// The backups of this device: what is kept and when the next is made; one more, back, away, out.
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { BackupEntry, BackupStatus } from 'codeforge-core';
import { useCore, useCoreStatus } from 'codeforge-core/react';
import { useConfirm } from './confirm.js';
import { download } from './download.js';
import { importText } from './file-card.js';
import { bytesText, countText } from './format.js';
import { Icon } from './icon.js';
import { OperationButton, Outcome } from './operation-button.js';
import { Badge, Button, Card, Empty, Notice, TimeAgo } from './parts.js';
import { useOperation } from './use-operation.js';

const kReasons: Readonly<Record<string, string>> = {
  schedule: 'by itself', 'before-import': 'before an import', 'before-restore': 'before a restore', 'before-migration': 'before an upgrade of the data',
};
/** As many are shown until all are wanted. */
const kShown = 5;
const kHourMs = 3_600_000;

/** undefined until they are known. */
function useBackups(): readonly BackupEntry[] | undefined {
  const core = useCore();
  const { lastAt, count } = useCoreStatus().backups;
  const [entries, setEntries] = useState<readonly BackupEntry[]>();
  useEffect(() => {
    let isCurrent = true;
    core.backups.list().then((next) => { if (isCurrent) setEntries(next); }, () => {});
    return () => { isCurrent = false; };
  }, [core, lastAt, count]);
  return entries;
}

/** When backups are made by themselves, in words. */
export function scheduleText({ everyMs, keep, keepDays }: Pick<BackupStatus, 'everyMs' | 'keep' | 'keepDays'>): string {
  if (everyMs === null) return 'None is made by itself.';
  const hours = everyMs / kHourMs;
  const every = everyMs === kHourMs ? 'Once an hour' : hours > 1 && Number.isInteger(hours) ? `Every ${hours} hours` : `Every ${countText(Math.round(everyMs / 60_000) || 1, 'minute')}`;
  const kept = keep > 0 ? `the last ${keep}` : '';
  const days = keepDays > 0 ? `the last of each day for ${countText(keepDays, 'day')}` : '';
  return `${every} while there are edits, and before what replaces your data. Kept are ${[kept, days].filter(Boolean).join(', and ') || 'none but the newest'}.`;
}

type Deed = 'restore' | 'download' | 'remove';

function BackupRow({ entry, isBusy, onDo }: { entry: BackupEntry; isBusy: boolean; onDo: (deed: Deed) => void }): ReactElement {
  const { at, items, bytes, reason, seal } = entry;
  const of = `the backup of ${new Date(at).toLocaleString()}`;
  return (
    <li>
      <span>
        <strong><TimeAgo time={at} /></strong>
        <small>{countText(items, 'item')}, {bytesText(bytes)}, {kReasons[reason] ?? reason}{seal !== null && ', sealed'}</small>
      </span>
      <Button aria-label={`Restore ${of}`} disabled={isBusy} onClick={() => onDo('restore')}>Restore…</Button>
      <button type="button" className="cf-icon-button" aria-label={`Download ${of}`} title="Download" disabled={isBusy} onClick={() => onDo('download')}><Icon name="download" /></button>
      <button type="button" className="cf-icon-button" aria-label={`Remove ${of}`} title="Remove" disabled={isBusy} onClick={() => onDo('remove')}><Icon name="trash" /></button>
    </li>
  );
}

function BackupRows({ entries }: { entries: readonly BackupEntry[] }): ReactElement {
  const core = useCore();
  const [isWhole, setWhole] = useState(false);
  const [dialog, ask] = useConfirm();
  const chosen = useRef<{ entry: BackupEntry; deed: Deed }>(undefined);
  const [doing, start] = useOperation(async () => {
    const { entry: { id }, deed } = chosen.current!;
    if (deed === 'restore') return `Restored: ${importText(await core.backups.restore(id))}`;
    if (deed === 'remove') return core.backups.remove(id).then(() => 'Removed');
    const file = await core.backups.download(id);
    download(file, file.name);
    return `${file.name}, ${bytesText(file.size)}`;
  });
  const run = async (entry: BackupEntry, deed: Deed): Promise<void> => {
    const time = new Date(entry.at).toLocaleString();
    const restore = { title: 'Restore this backup?', text: <p>Your data becomes what it was on {time}: {countText(entry.items, 'item')}. What is here now is kept as a backup first, and Undo takes the restore back.</p>, confirm: 'Restore', danger: true };
    const remove = { title: 'Remove this backup?', text: <p>The backup of {time} with {countText(entry.items, 'item')} is gone for good. Your data stays.</p>, confirm: 'Remove', danger: true };
    if (deed !== 'download' && !(await ask(deed === 'restore' ? restore : remove))) return;
    chosen.current = { entry, deed };
    start();
  };
  return (
    <>
      <ul className="cf-rows cf-backups" aria-label="Backups">
        {(isWhole ? entries : entries.slice(0, kShown)).map((entry) => (
          <BackupRow key={entry.id} entry={entry} isBusy={doing.phase === 'running'} onDo={(deed) => void run(entry, deed)} />
        ))}
      </ul>
      {entries.length > kShown && <button type="button" className="cf-link" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>{isWhole ? 'Show fewer' : `Show all ${entries.length}`}</button>}
      <Outcome operation={doing} />
      {dialog}
    </>
  );
}

/** Backups of this device, in a part of the browser that fails separately from the database. */
export function BackupsCard(): ReactElement {
  const core = useCore();
  const { backups, storage } = useCoreStatus();
  const { place, error, nextAt, count, bytes } = backups;
  const entries = useBackups();
  const [creating, create] = useOperation(async () => {
    const entry = await core.backups.create();
    return `${countText(entry.items, 'item')}, ${bytesText(entry.bytes)}`;
  });
  const hasNone = place === 'none';
  return (
    <Card title="Backups" icon="clock" aside={<Badge tone={hasNone || error ? 'warn' : count > 0 ? 'good' : 'plain'}>{hasNone ? 'no place' : error ? 'failed' : count > 0 ? `${count}, ${bytesText(bytes)}` : 'none yet'}</Badge>}>
      <p className="cf-soft">{hasNone ? 'This browser offers no place beside the database. Export now and then.' : scheduleText(backups)}</p>
      {nextAt !== null && nextAt > Date.now() && storage.backend !== 'memory' && <p className="cf-faint">The next one, if there are edits by then, <TimeAgo time={nextAt} />.</p>}
      {error && <Notice tone="bad" title="The last backup could not be made"><p>It is tried again by itself.</p><p className="cf-reason">{error.message}</p></Notice>}
      {!hasNone && <OperationButton icon="shield" label="Make a backup now" note="It stays until you remove it." operation={creating} onStart={create} />}
      {entries && entries.length > 0 && <BackupRows entries={entries} />}
      {entries?.length === 0 && !hasNone && <Empty icon="clock" title="No backups yet" />}
    </Card>
  );
}
