// Bottom: one true sentence about the work, and the doors to the server.
import { SaveIndicator, type SaveState } from 'codeforge-core/components';
import { useCore, useCoreStatus } from 'codeforge-core/react';
import { ArrowDownToLine, ArrowUpFromLine, RefreshCw, Server, ServerOff } from 'lucide-react';
import { useEffect, useReducer } from 'react';
import { go } from '../navigation';
import { downloadProject } from '../project-files';
import { timeAgo } from '../time';
import { usePopover } from '../ui';
import { isBusy, pull, push } from './sync-actions';
import { SyncPanel } from './sync-panel';

const kRefreshMs = 15_000;

function useTicking(): void {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, kRefreshMs);
    return () => clearInterval(timer);
  }, []);
}

/** Leads to what can be done about it. */
function StatusSentence() {
  const core = useCore();
  const onClick = ({ kind }: SaveState): void => {
    if (kind === 'problem') downloadProject(core);
    else go({ section: kind === 'conflict' ? 'conflicts' : 'persistence' });
  };
  return <SaveIndicator className="status-main" onClick={onClick} />;
}

function serverLabel(connected: boolean | null, phase: string, lastSyncedAt: number | null): string {
  if (phase === 'disabled') return 'No server';
  if (phase === 'pushing') return 'Pushing…';
  if (phase === 'pulling') return 'Pulling…';
  if (connected === false) return 'Server not reachable';
  return lastSyncedAt ? `Synced ${timeAgo(lastSyncedAt)}` : 'Not synced yet';
}

export function StatusBar({ isAddressFixed }: { isAddressFixed: boolean }) {
  const core = useCore();
  const { sync } = useCoreStatus();
  const { isOpen, setOpen, anchor } = usePopover<HTMLDivElement>();
  useTicking();
  const busy = isBusy(sync);
  const Icon = busy ? RefreshCw : sync.connected === false || sync.phase === 'disabled' ? ServerOff : Server;
  return (
    <footer className="status-bar">
      <StatusSentence />
      <div className="status-side" ref={anchor}>
        <button type="button" className="status-server" aria-expanded={isOpen} aria-haspopup="dialog" data-testid="sync-open" onClick={() => setOpen(!isOpen)}>
          <Icon size={13} aria-hidden className={busy ? 'spin' : ''} />
          <span className="truncate" data-testid="sync-label">{serverLabel(sync.connected, sync.phase, sync.lastSyncedAt)}</span>
        </button>
        <button type="button" className="button ghost" disabled={busy || sync.phase === 'disabled'} data-testid="push" onClick={() => void push(core)}><ArrowUpFromLine size={13} aria-hidden />Push{sync.pending > 0 && <span className="count">{sync.pending}</span>}</button>
        <button type="button" className="button ghost" disabled={busy || sync.phase === 'disabled'} data-testid="pull" onClick={() => void pull(core)}><ArrowDownToLine size={13} aria-hidden />Pull</button>
        {isOpen && <div className="sync-popover" role="dialog" aria-label="Sync"><SyncPanel isAddressFixed={isAddressFixed} /></div>}
      </div>
    </footer>
  );
}
