// The cards of the persistence dashboard.
import type { ReactElement } from 'react';
import type { CoreStatus, DurabilityLevel, SyncStatus } from 'codeforge-core';
import { useCore, useCoreStatus } from 'codeforge-core/react';
import { bytesText, countText, durationText } from './format.js';
import { MetricsChart } from './metrics-chart.js';
import { OperationButton } from './operation-button.js';
import { Badge, Button, Card, Empty, Facts, Stat, Switch, TimeAgo, type Tone } from './parts.js';
import { isSyncing, pullText, pushText } from './sync-texts.js';
import { useOperation } from './use-operation.js';
import { usePushProgress } from './use-push-progress.js';

const kBackends: Readonly<Record<CoreStatus['storage']['backend'], string>> = { indexeddb: 'IndexedDB', memory: 'Memory of this tab' };

const kSafeAgainst: Readonly<Record<DurabilityLevel, string>> = {
  dispatched: 'a restart of the core', 'handed-over': 'closing this page', complete: 'a crash of the browser', strict: 'a power failure',
  mirrored: 'a loss of the database', acknowledged: 'a loss of this device', 'backed-up': 'a loss of the server',
};

function serverBadge({ phase, connected }: SyncStatus): ReactElement {
  if (phase === 'disabled') return <Badge>No server</Badge>;
  if (connected === null) return <Badge>Not asked yet</Badge>;
  return connected ? <Badge tone="good">Connected</Badge> : <Badge tone="bad">Not reachable</Badge>;
}

export function ConnectionCard(): ReactElement {
  const status = useCoreStatus();
  const { storage, sync, recovery } = status;
  return (
    <Card title="Connection" icon="plug" aside={serverBadge(sync)}>
      <Facts rows={[
        ['On this device', `${kBackends[storage.backend]}, ${bytesText(storage.bytes)}`],
        status.durability.level !== null && ['Safe against', kSafeAgainst[status.durability.level]],
        ['Saved here', status.unsavedCommits === 0 ? 'everything' : `all but ${countText(status.unsavedCommits, 'edit')}`],
        ['On the server', sync.phase === 'disabled' ? 'no server set' : sync.connected ? 'Flask API' : 'Flask API, not reachable'],
        ['Last sync', <TimeAgo time={sync.lastSyncedAt} />],
        sync.nextTryAt !== null && sync.nextTryAt > Date.now() && ['Next try', <TimeAgo time={sync.nextTryAt} />],
        ['Found at start', countText(recovery.items, 'item')],
      ]} />
    </Card>
  );
}

export function MetricsCard(): ReactElement {
  const core = useCore();
  const { metrics } = useCoreStatus().sync;
  const rate = metrics.totalOperations === 0 ? null : Math.round((100 * metrics.successfulOperations) / metrics.totalOperations);
  return (
    <Card title="Sync metrics" icon="gauge" className="cf-wide" aside={metrics.lastOperationTime !== null && <span className="cf-faint">last <TimeAgo time={metrics.lastOperationTime} /></span>}>
      <dl className="cf-stats">
        <Stat name="Exchanges" value={metrics.totalOperations.toLocaleString('en')} />
        <Stat name="Success rate" value={rate === null ? '–' : `${rate} %`} tone={rate === null ? 'plain' : rate >= 95 ? 'good' : 'warn'} />
        <Stat name="Average time" value={metrics.totalOperations === 0 ? '–' : durationText(metrics.averageOperationTime)} />
        <Stat name="Failed" value={metrics.failedOperations.toLocaleString('en')} tone={metrics.failedOperations > 0 ? 'bad' : 'plain'} />
      </dl>
      <MetricsChart durations={metrics.operationTimes} />
      {metrics.totalOperations > 0 && <Button kind="quiet" className="cf-reset" onClick={() => core.sync.resetMetrics()}>Start counting anew</Button>}
    </Card>
  );
}

const kQueueParts: readonly { readonly name: string; readonly tone: Tone; readonly count: (sync: SyncStatus) => number }[] = [
  { name: 'Waiting to be sent', tone: 'busy', count: (sync) => sync.pending },
  { name: 'Held by a conflict', tone: 'warn', count: (sync) => sync.parked },
  { name: 'Refused by the server', tone: 'bad', count: (sync) => sync.rejected },
];

export function QueueCard({ onReviewConflicts }: { onReviewConflicts?: (() => void) | undefined }): ReactElement {
  const { sync } = useCoreStatus();
  const parts = kQueueParts.map((part) => ({ ...part, size: part.count(sync) }));
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  return (
    <Card title="Queue" icon="queue" aside={<Badge tone={total === 0 ? 'good' : 'busy'}>{total === 0 ? 'empty' : countText(total, 'change')}</Badge>}>
      {total === 0 ? <Empty icon="check" title={sync.phase === 'disabled' ? 'Nothing is sent anywhere' : 'Nothing waits'}>{sync.phase === 'disabled' ? 'Without a server everything stays on this device.' : 'Every edit is on the server.'}</Empty> : (
        <>
          <div className="cf-bar" aria-hidden="true">{parts.map(({ name, tone, size }) => size > 0 && <span key={name} data-tone={tone} style={{ flexGrow: size }} />)}</div>
          <ul className="cf-legend">
            {parts.map(({ name, tone, size }) => (
              <li key={name} data-tone={tone}><span className="cf-dot" aria-hidden="true" />{name}<strong>{size.toLocaleString('en')}</strong></li>
            ))}
          </ul>
        </>
      )}
      {sync.conflicts > 0 && onReviewConflicts && <button type="button" className="cf-link" onClick={onReviewConflicts}>Review {countText(sync.conflicts, 'conflict')}</button>}
    </Card>
  );
}

const kIntervalsMs = [5_000, 15_000, 30_000, 60_000, 300_000, 900_000] as const;
const intervalText = (intervalMs: number): string => (intervalMs < 60_000 ? `${intervalMs / 1000} seconds` : countText(intervalMs / 60_000, 'minute'));

export function AutoSyncCard(): ReactElement {
  const core = useCore();
  const { autoSync: { enabled, intervalMs: current, syncOnChange, maxQueueSize }, changes, nextSyncAt } = useCoreStatus().sync;
  const intervals = [...new Set<number>([...kIntervalsMs, current])].sort((one, other) => one - other);
  // The setting is what a reload finds; configure() is what holds now, whatever createCore() was given.
  const setEnabled = (isOn: boolean): void => {
    core.dispatch({ type: 'settings/updateSettings', payload: { autoSync: isOn } });
    core.sync.configure({ autoSync: { enabled: isOn } });
  };
  const setIntervalMs = (intervalMs: number): void => {
    core.dispatch({ type: 'settings/setSyncInterval', payload: intervalMs });
    core.sync.configure({ autoSync: { intervalMs } });
  };
  return (
    <Card title="Auto-sync" icon="refresh" aside={<Badge tone={enabled ? 'good' : 'plain'}>{enabled ? 'on' : 'off'}</Badge>}>
      <Switch label="Sync by itself" note="Sends what waits, then fetches what is new" checked={enabled} onChange={setEnabled} />
      <label className="cf-field">
        <span>Every</span>
        <select value={current} disabled={!enabled} onChange={(event) => setIntervalMs(Number(event.target.value))}>
          {intervals.map((intervalMs) => <option key={intervalMs} value={intervalMs}>{intervalText(intervalMs)}</option>)}
        </select>
      </label>
      <Switch label="After edits too" note={`A moment after the last one, or when ${maxQueueSize.toLocaleString('en')} wait`} checked={syncOnChange} onChange={(isOn) => core.sync.configure({ autoSync: { syncOnChange: isOn } })} />
      <Facts rows={[['Edits since the last push', changes.toLocaleString('en')], enabled && nextSyncAt !== null && ['Next sync', <TimeAgo time={nextSyncAt} />]]} />
    </Card>
  );
}

export function OperationsCard(): ReactElement {
  const core = useCore();
  const { sync } = useCoreStatus();
  const [pushing, push] = useOperation(async () => pushText(await core.sync.push()));
  const [pulling, pull] = useOperation(async () => pullText(await core.sync.pull()));
  const [syncing, syncNow] = useOperation(async () => {
    const sent = pushText(await core.sync.push());
    return `${sent}. ${pullText(await core.sync.pull())}`;
  });
  const [checking, check] = useOperation(async () => {
    if (!(await core.sync.check())) throw new Error('The server does not answer');
    await core.sync.retry();
    return 'The server answers';
  });
  const [saving, save] = useOperation(async () => {
    await core.flush({ strict: true });
    return 'Everything is on the disk of this device';
  });
  const progress = usePushProgress(sync.pending, pushing.phase === 'running' || syncing.phase === 'running');
  const hasNoServer = sync.phase === 'disabled';
  const isBusy = isSyncing(sync);
  return (
    <Card title="Manual operations" icon="upload" className="cf-wide">
      <div className="cf-operations">
        <OperationButton icon="upload" label="Push to server" note="Sends what waits." operation={pushing} onStart={push} disabled={hasNoServer || isBusy} done={progress?.done} total={progress?.total} />
        <OperationButton icon="download" label="Pull from server" note="Fetches; your own edits stay." operation={pulling} onStart={pull} disabled={hasNoServer || isBusy} />
        <OperationButton icon="refresh" label="Sync now" note="Pushes, then pulls." operation={syncing} onStart={syncNow} disabled={hasNoServer || isBusy} done={progress?.done} total={progress?.total} />
        <OperationButton icon="plug" label="Check connection" note="Asks whether the server answers." operation={checking} onStart={check} disabled={hasNoServer || isBusy} />
        <OperationButton icon="database" label="Save to disk" note="Waits until the disk has it." operation={saving} onStart={save} />
      </div>
      {hasNoServer && <p className="cf-faint">No server is set, so only this device keeps your work.</p>}
    </Card>
  );
}
