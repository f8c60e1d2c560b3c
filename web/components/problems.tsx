// Everything that is wrong now, each with what is safe, what to do, and a way on.
import type { ReactElement } from 'react';
import type { CoreStatus } from 'codeforge-core';
import { useCore, useCoreStatus } from 'codeforge-core/react';
import { storageAdvice, syncAdvice, type Advice, type WayOn } from './advice.js';
import { useConfirm } from './confirm.js';
import { downloadExport } from './download.js';
import { countText } from './format.js';
import { Button, Notice, TimeAgo, type Tone } from './parts.js';

interface Problem extends Advice {
  readonly key: string;
  readonly tone: Tone;
  /** In the words of whoever reported it. */
  readonly reason?: string;
}

/** The problems that a status tells of, the gravest first. */
export function problemsOf(status: CoreStatus): Problem[] {
  const { storage, sync, runtime, recovery, phase } = status;
  const problems: Problem[] = [];
  const stored = storageAdvice(status);
  if (stored) problems.push({ key: 'storage', tone: 'bad', ...(storage.error ? { reason: storage.error.message } : {}), ...stored });
  else if (phase === 'failed') problems.push({ key: 'failed', tone: 'bad', title: 'The core has stopped', safe: 'Everything that was saved before.', todo: 'Export what is shown, then reload the page.', ways: ['export', 'reload'] });
  const lost = runtime.deadLetters.length;
  if (lost > 0) {
    problems.push({
      key: 'dead-letters', tone: 'bad', title: `${countText(lost, 'edit')} could not be applied`, safe: 'All others were.',
      todo: 'Make the edit again in another way.', reason: runtime.deadLetters.map(({ action, reason }) => `${action.type}: ${reason}`).join('; '), ways: [],
    });
  }
  if (recovery.damagedRecords > 0) {
    problems.push({
      key: 'damaged', tone: 'warn', title: `${countText(recovery.damagedRecords, 'damaged record')} was left out when the store was opened`, safe: `${countText(recovery.items, 'item')} were recovered.`,
      todo: 'Pull to get from the server what it has.', ways: [],
    });
  }
  // Refused edits have a card of their own, with their reasons.
  if (sync.lastError && sync.rejected === 0) problems.push({ key: 'sync', tone: 'warn', reason: sync.lastError.message, ...syncAdvice(sync.lastError.code) });
  return problems;
}

const kLabels: Readonly<Record<WayOn, string>> = { retry: 'Try again now', check: 'Check the connection', export: 'Export everything', reload: 'Reload the page', 'take-server': 'Fetch everything from the server', 'start-empty': 'Start empty' };

/** Shows nothing when all is well. */
export function Problems(): ReactElement | null {
  const core = useCore();
  const status = useCoreStatus();
  const [dialog, ask] = useConfirm();
  const problems = problemsOf(status);
  if (problems.length === 0) return null;
  const quietly = (promise: Promise<unknown>): void => void promise.catch(() => {});
  const ways: Readonly<Record<WayOn, (key: string) => void>> = {
    retry: (key) => quietly(key === 'sync' ? core.sync.retry() : core.flush()),
    check: () => quietly(core.sync.check()),
    export: () => void downloadExport(core),
    reload: () => location.reload(),
    'take-server': () => quietly(core.storage.decide('take-server')),
    'start-empty': () => quietly(ask({ title: 'Start empty?', text: <p>What the browser removed is given up on this device. The server keeps what it has.</p>, confirm: 'Start empty', danger: true })
      .then((isConfirmed) => (isConfirmed ? core.storage.decide('start-empty') : undefined))),
  };
  return (
    <div className="cf-stack" role="group" aria-label="Problems">
      {problems.map(({ key, tone, title, safe, todo, reason, ways: offered }) => (
        <Notice key={key} tone={tone} title={title} isAlert={tone === 'bad'}
          actions={offered.length > 0 && offered.map((way) => <Button key={way} onClick={() => ways[way](key)}>{kLabels[way]}</Button>)}>
          <p><span className="cf-safe">Safe:</span> {safe} {todo}{key === 'sync' && status.sync.nextTryAt !== null && status.sync.nextTryAt > Date.now() && <> Next try <TimeAgo time={status.sync.nextTryAt} />.</>}</p>
          {reason && reason.toLowerCase() !== title.toLowerCase() && <p className="cf-reason">{reason}</p>}
        </Notice>
      ))}
      {dialog}
    </div>
  );
}
