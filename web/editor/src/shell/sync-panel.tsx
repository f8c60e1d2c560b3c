// The details behind the status bar: where the server is, what waits, and how the last exchanges went.
import type { RootState } from 'codeforge-core';
import { useCore, useCoreSelector, useCoreStatus } from 'codeforge-core/react';
import { ArrowDownToLine, ArrowUpFromLine, PlugZap } from 'lucide-react';
import { useState } from 'react';
import { byteText, timeAgo } from '../time';
import { Field, Switch } from '../ui';
import { check, isBusy, pull, push } from './sync-actions';

const selectSettings = (state: RootState) => state.settings.settings;

function Address({ isFixed }: { isFixed: boolean }) {
  const core = useCore();
  const { flaskApiUrl } = useCoreSelector(selectSettings);
  const [draft, setDraft] = useState(flaskApiUrl);
  const isBad = !/^https?:\/\/./.test(draft);
  if (isFixed) return <p className="faint" style={{ fontSize: 12 }}>The server's address comes with this page.</p>;
  const save = (): void => {
    if (!isBad && draft !== flaskApiUrl) core.dispatch({ type: 'settings/updateSettings', payload: { flaskApiUrl: draft } });
  };
  return (
    <Field label="Server address">
      {(id) => (
        <input id={id} className={`input mono${isBad ? ' bad' : ''}`} inputMode="url" value={draft} aria-invalid={isBad} data-testid="server-address"
          onChange={(event) => setDraft(event.target.value)} onBlur={save} onKeyDown={(event) => event.key === 'Enter' && save()} />
      )}
    </Field>
  );
}

export function SyncPanel({ isAddressFixed }: { isAddressFixed: boolean }) {
  const core = useCore();
  const { sync, storage } = useCoreStatus();
  const { autoSync } = useCoreSelector(selectSettings);
  const busy = isBusy(sync);
  const isOff = sync.phase === 'disabled';
  const { metrics } = sync;
  return (
    <div className="sync-panel">
      <section className="panel">
        <h2 className="panel-title">Sync<span className="badge" data-tone={sync.connected ? 'good' : sync.connected === false ? 'waiting' : 'plain'} style={{ color: 'var(--tone)' }}>{isOff ? 'Off' : sync.connected ? 'Connected' : sync.connected === false ? 'Not reachable' : 'Not checked'}</span></h2>
        <Address isFixed={isAddressFixed} />
        <div className="row">
          <span className="grow">Push by itself after edits</span>
          <Switch label="Push by itself after edits" checked={autoSync} onChange={() => core.dispatch({ type: 'settings/toggleAutoSync' })} />
        </div>
        {sync.lastError && <p className="sync-note" data-tone="waiting">{sync.lastError.message}</p>}
        <div className="two">
          <button type="button" className="button" disabled={busy || isOff} onClick={() => void push(core)}><ArrowUpFromLine size={14} aria-hidden />Push</button>
          <button type="button" className="button" disabled={busy || isOff} onClick={() => void pull(core)}><ArrowDownToLine size={14} aria-hidden />Pull</button>
        </div>
        <button type="button" className="button ghost" disabled={isOff} onClick={() => void check(core)}><PlugZap size={14} aria-hidden />Check the connection</button>
      </section>
      <section className="panel">
        <dl className="facts">
          <dt>Waiting to be sent</dt><dd data-testid="pending">{sync.pending}</dd>
          <dt>Waiting for a decision</dt><dd>{sync.conflicts}</dd>
          <dt>Last sync</dt><dd>{timeAgo(sync.lastSyncedAt)}</dd>
          {sync.nextTryAt !== null && <><dt>Next try</dt><dd>{timeAgo(sync.nextTryAt)}</dd></>}
          {sync.rejected > 0 && <><dt>Refused by the server</dt><dd>{sync.rejected}</dd></>}
          <dt>Exchanges</dt><dd>{metrics.successfulOperations} of {metrics.totalOperations} well</dd>
          {metrics.totalOperations > 0 && <><dt>Average time</dt><dd>{Math.round(metrics.averageOperationTime)} ms</dd></>}
          <dt>On this device</dt><dd>{byteText(storage.bytes)}</dd>
        </dl>
      </section>
    </div>
  );
}
