// The whole of persistence and sync on one page.
import type { ReactElement } from 'react';
import type { CoreStatus } from 'codeforge-core';
import { useCoreStatus } from 'codeforge-core/react';
import { AutoSyncCard, ConnectionCard, MetricsCard, OperationsCard, QueueCard } from './dashboard-cards.js';
import { Badge, type Tone } from './parts.js';
import { Problems } from './problems.js';
import { RejectedCard } from './rejected-card.js';
import { isSyncing } from './sync-texts.js';

/** The one word over the dashboard. */
export function overallState({ sync, storage, phase }: CoreStatus): readonly [text: string, tone: Tone] {
  if (storage.error || phase === 'failed') return ['Storage problem', 'bad'];
  if (sync.phase === 'disabled') return ['On this device', 'good'];
  if (sync.connected === false) return ['Disconnected', 'bad'];
  if (isSyncing(sync)) return ['Syncing…', 'busy'];
  if (sync.lastError) return ['Error', 'bad'];
  return sync.pending === 0 && sync.lastSyncedAt !== null ? ['Synced', 'good'] : ['Idle', 'plain'];
}

export interface PersistenceDashboardProps {
  /** Leads to the conflicts; without it the dashboard has no link to them. */
  onReviewConflicts?: () => void;
  className?: string;
}

/**
 * Connection, metrics with a live chart, the queue, auto-sync, operations by hand, and what is wrong with what to do.
 *
 * @example
 * <PersistenceDashboard onReviewConflicts={() => navigate('/conflicts')} />
 */
export function PersistenceDashboard({ onReviewConflicts, className = '' }: PersistenceDashboardProps): ReactElement {
  const [text, tone] = overallState(useCoreStatus());
  return (
    <div className={`cf cf-page ${className}`}>
      <header className="cf-page-head">
        <div><h2>Persistence and sync</h2><p>Where your work is, and what is on its way.</p></div>
        <span role="status"><Badge tone={tone}>{text}</Badge></span>
      </header>
      <Problems />
      <div className="cf-grid">
        <RejectedCard />
        <ConnectionCard />
        <QueueCard onReviewConflicts={onReviewConflicts} />
        <AutoSyncCard />
        <MetricsCard />
        <OperationsCard />
      </div>
      <details className="cf-how">
        <summary>How persistence works</summary>
        <ol>
          <li>Every edit is written to a log on this device, a few milliseconds after you make it.</li>
          <li>When the device has it for sure, it is queued for the server and sent in order.</li>
          <li>Without a connection the queue waits, also over a restart, and goes out when the server is back.</li>
          <li>What was changed on both sides becomes a conflict: both versions are kept until you choose.</li>
        </ol>
      </details>
    </div>
  );
}
