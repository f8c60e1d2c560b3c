// The cards of the storage page.
import { useState, type ReactElement } from 'react';
import type { FlaskStats, RootState } from 'codeforge-core';
import { useCore, useCoreSelector, useCoreStatus } from 'codeforge-core/react';
import { useConfirm } from './confirm.js';
import { bytesText, countText } from './format.js';
import { OperationButton } from './operation-button.js';
import { Badge, Card, Empty, Facts, Notice, TimeAgo } from './parts.js';
import { pullText, pushText } from './sync-texts.js';
import { useOperation } from './use-operation.js';
import { usePushProgress } from './use-push-progress.js';
import { useStorageEstimate } from './use-storage-estimate.js';

const kBackends = {
  indexeddb: ['IndexedDB', 'A database of this browser. It works offline and stays over restarts.'],
  memory: ['Memory of this tab', 'Nothing is kept when the tab is closed.'],
} as const;

function Usage({ usage, quota }: { usage: number; quota: number }): ReactElement {
  const share = quota > 0 ? usage / quota : 0;
  const tone = share > 0.9 ? 'bad' : share > 0.75 ? 'warn' : 'busy';
  return (
    <div className="cf-stack">
      <div className="cf-bar cf-meter" role="meter" aria-label="Room used" aria-valuemin={0} aria-valuemax={quota} aria-valuenow={usage} aria-valuetext={`${bytesText(usage)} of ${bytesText(quota)}`}>
        <span data-tone={tone} style={{ width: `${Math.max(share * 100, 0.5)}%` }} />
      </div>
      <p className="cf-faint">{bytesText(usage)} of {bytesText(quota)} used by this site{share >= 0.01 ? ` (${Math.round(share * 100)} %)` : ''}</p>
      {share > 0.75 && <Notice tone={tone} title="Room is getting short"><p>Export, and free space in the browser or on the disk.</p></Notice>}
    </div>
  );
}

export function BackendCard(): ReactElement {
  const status = useCoreStatus();
  const { storage } = status;
  const { estimate } = useStorageEstimate();
  const [name, text] = kBackends[storage.backend];
  return (
    <Card title="In use now" icon="database" aside={<Badge tone={storage.error ? 'bad' : storage.backend === 'memory' ? 'warn' : 'good'}>{storage.error ? 'problem' : storage.backend === 'memory' ? 'not kept' : 'working'}</Badge>}>
      <div><strong className="cf-big">{name}</strong><p className="cf-faint">{text}</p></div>
      <Facts rows={[
        ['Your data', bytesText(storage.bytes)],
        ['Files', storage.files.toLocaleString('en')],
        ['Saved', status.unsavedCommits === 0 ? 'everything' : `all but ${countText(status.unsavedCommits, 'edit')}`],
      ]} />
      {estimate && estimate.quota > 0 && <Usage usage={estimate.usage} quota={estimate.quota} />}
    </Card>
  );
}

export function PermissionCard(): ReactElement | null {
  const { estimate, ask } = useStorageEstimate();
  const [asking, request] = useOperation(async () => {
    if (await ask()) return 'The browser keeps it from now on';
    throw new Error('The browser did not allow it. Using the site more, or installing it, often helps.');
  });
  if (!estimate) return null;
  return (
    <Card title="Kept by the browser" icon="lock" aside={<Badge tone={estimate.persisted ? 'good' : 'warn'}>{estimate.persisted ? 'permanent' : 'best effort'}</Badge>}>
      <p className="cf-soft">{estimate.persisted ? 'The browser does not clear this site’s data by itself, also when room is short.' : 'When room is short, or after weeks without a visit, the browser may clear this site’s data.'}</p>
      {!estimate.persisted && <OperationButton icon="lock" label="Ask to keep it" operation={asking} onStart={request} />}
    </Card>
  );
}

const kPlaces = { bucket: 'a storage bucket of its own', opfs: 'the private files of this site', none: 'no second place' } as const;

/** The copy in another part of the browser, from which a removed database is restored. */
export function StandbyCard(): ReactElement | null {
  const { storage, seq } = useCoreStatus();
  const { kind, state, seq: copied, at, error } = storage.standby;
  if (storage.backend === 'memory' || state === 'starting') return null;
  const isCurrent = state === 'current' || copied >= seq;
  return (
    <Card title="Second copy" icon="shield" aside={<Badge tone={state === 'failed' ? 'bad' : state === 'none' ? 'warn' : isCurrent ? 'good' : 'busy'}>{state === 'failed' ? 'failed' : state === 'none' ? 'none' : isCurrent ? 'up to date' : 'catching up'}</Badge>}>
      <p className="cf-soft">{state === 'none' ? 'This browser offers no second place. Export now and then, or use a server.' : 'When the browser loses its database, your work is restored from here by itself.'}</p>
      {state !== 'none' && <Facts rows={[['Kept in', kPlaces[kind]], ['Last copied', <TimeAgo time={at} />], !isCurrent && ['Still to copy', countText(seq - copied, 'save')]]} />}
      {error && <Notice tone="bad" title="The copy cannot be written"><p>{error.code === 'quota' ? 'There is no room for it. Free space in the browser or on the disk.' : 'It is tried again by itself.'}</p><p className="cf-reason">{error.message}</p></Notice>}
    </Card>
  );
}

const kNames: Readonly<Record<string, string>> = {
  project: 'Projects', files: 'Files', models: 'Models', components: 'Components', componentTrees: 'Component trees', workflows: 'Workflows', lambdas: 'Lambdas', theme: 'Themes',
};

/** What a slice's items are called. */
export const titleOf = (slice: string): string => kNames[slice] ?? slice.charAt(0).toUpperCase() + slice.slice(1);

/** Items per slice as one text, `files:3,notes:1`, so that only another count draws again. An application's own slices are among them. */
function countsOf(state: RootState): string {
  const counts = Object.entries(state).flatMap(([name, slice]: [string, object]) => {
    const items: unknown = Object.values(slice).find(Array.isArray);
    return name !== 'conflicts' && Array.isArray(items) && items.length > 0 ? [`${name}:${items.length}`] : [];
  });
  return counts.join();
}

export function ContentsCard(): ReactElement {
  const counts = useCoreSelector(countsOf).split(',').filter(Boolean).map((text) => text.split(':') as [name: string, count: string]);
  const total = counts.reduce((sum, [, count]) => sum + Number(count), 0);
  return (
    <Card title="Contents" icon="file" aside={<Badge>{countText(total, 'item')}</Badge>}>
      {total === 0 ? <Empty icon="file" title="Nothing here yet">Import a file, or pull from the server.</Empty> : <Facts rows={counts.map(([name, count]) => [titleOf(name), Number(count).toLocaleString('en')])} />}
    </Card>
  );
}

export function MoveCard(): ReactElement {
  const core = useCore();
  const { sync } = useCoreStatus();
  const [sending, send] = useOperation(async () => {
    // First what the server has: a difference becomes a conflict instead of being overwritten.
    await core.sync.pull();
    const sent = pushText(await core.sync.push());
    const { totalKeys } = await core.sync.stats();
    return `${sent}. The server has ${countText(totalKeys, 'item')} now`;
  });
  const [fetching, fetchAll] = useOperation(async () => pullText(await core.sync.pull()));
  const progress = usePushProgress(sync.pending, sending.phase === 'running');
  const hasNoServer = sync.phase === 'disabled';
  const isBusy = sending.phase === 'running' || fetching.phase === 'running';
  return (
    <Card title="Between device and server" icon="server">
      {hasNoServer && <p className="cf-faint">Set the address of a server to copy your work there.</p>}
      <OperationButton icon="upload" label="Copy all to the server" note="Everything that the server lacks. Your device keeps it too." operation={sending} onStart={send} disabled={hasNoServer || isBusy} done={progress?.done} total={progress?.total} />
      <OperationButton icon="download" label="Copy all to this device" note="Everything that this device lacks. Your own edits stay." operation={fetching} onStart={fetchAll} disabled={hasNoServer || isBusy} />
    </Card>
  );
}

export function ServerCard(): ReactElement | null {
  const core = useCore();
  const { sync } = useCoreStatus();
  const [stats, setStats] = useState<FlaskStats>();
  const [dialog, ask] = useConfirm();
  const [counting, count] = useOperation(async () => {
    const next = await core.sync.stats();
    setStats(next);
    return `${countText(next.totalKeys, 'item')}, ${bytesText(next.totalSizeBytes)}`;
  });
  const [emptying, empty] = useOperation(async () => {
    await core.sync.clear();
    setStats(await core.sync.stats());
    return 'The server is empty';
  });
  if (sync.phase === 'disabled') return null;
  const start = async (): Promise<void> => {
    const now = await core.sync.stats().catch(() => undefined);
    const what = now ? `${countText(now.totalKeys, 'item')} (${bytesText(now.totalSizeBytes)})` : 'Everything';
    const text = <p>{what} on the server will be gone for every device. What is on this device stays.</p>;
    if (await ask({ title: 'Empty the server?', text, confirm: 'Empty the server', danger: true })) empty();
  };
  return (
    <Card title="Server" icon="cloud" aside={<Badge tone={sync.connected ? 'good' : sync.connected === false ? 'bad' : 'plain'}>{sync.connected ? 'connected' : sync.connected === false ? 'not reachable' : 'not asked yet'}</Badge>}>
      {stats && <Facts rows={[['Items', stats.totalKeys.toLocaleString('en')], ['Size', bytesText(stats.totalSizeBytes)]]} />}
      <OperationButton icon="refresh" label="Count what is there" operation={counting} onStart={count} />
      <OperationButton icon="trash" kind="danger" label="Empty the server…" note="For all devices. This device keeps its own." operation={emptying} onStart={() => void start()} />
      {dialog}
    </Card>
  );
}
