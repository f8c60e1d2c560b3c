// What the user must know without looking for it, as messages: conflicts, storage problems, restarts, refused and recovered edits.
import type { Core, CoreStatus, StorageIncident } from 'codeforge-core';
import { storageAdvice } from './advice.js';
import { countText } from './format.js';
import type { ToastAction, ToastList, ToastOptions } from './toast-list.js';

export interface NoticeOptions {
  /** Leads to the conflicts; without it the message has no button. */
  onReview?: (() => void) | undefined;
  /** Saves everything as a file; offered with a storage problem. */
  onExport?: (() => void) | undefined;
}

const action = (label: string, run: (() => void) | undefined): { action?: ToastAction } => (run ? { action: { label, run } } : {});

const kCauses = { wiped: 'The browser had removed the database of this site', 'rolled-back': 'The last saves of this device were missing', damaged: 'Some records of this device could not be read' } as const;

/** What was missing or damaged when the store was opened, and what came back. */
function incidentNotice({ cause, restoredFrom, items, lost, damaged, decision }: StorageIncident): ToastOptions | undefined {
  // That one is a storage problem until the user has decided.
  if (decision === 'needed') return undefined;
  const missing = [lost > 0 && `${countText(lost, 'save')} could not be restored`, damaged > 0 && `${countText(damaged, 'record')} cannot be read`].filter(Boolean).join(', ');
  if (missing) return { tone: 'bad', key: 'recovery', text: kCauses[cause], detail: `${countText(items, 'item')} are here; ${missing}. What the server has can be pulled again.` };
  return { tone: 'good', key: 'recovery', shownMs: 0, text: 'Your work was restored', detail: `${kCauses[cause]}. ${countText(items, 'item')} came back${restoredFrom ? ' from the second copy' : ''}; nothing is missing.` };
}

function recoveryNotices({ recovery, storage }: CoreStatus): ToastOptions[] {
  const incident = storage.incident && incidentNotice(storage.incident);
  if (incident) return [incident];
  if (recovery.damagedRecords > 0) {
    return [{
      tone: 'bad', key: 'recovery', text: `${countText(recovery.damagedRecords, 'damaged record')} found on this device`,
      detail: 'Everything else was recovered. What the server has can be pulled again.',
    }];
  }
  if (recovery.tornBytes > 0)
    return [{ tone: 'warn', key: 'recovery', text: 'The last session ended in the middle of a save', detail: `Everything that was shown as saved is here: ${countText(recovery.items, 'item')}.` }];
  return [];
}

/** What other windows of the same store do to this one. */
function tabNotices(before: CoreStatus | undefined, { tabs }: CoreStatus): ToastOptions[] {
  const notices: ToastOptions[] = [];
  const wasUnresponsive = before?.tabs.writer === 'unresponsive';
  if (tabs.writer === 'unresponsive' && !wasUnresponsive)
    notices.push({ tone: 'warn', key: 'tabs', text: 'Another window does not respond', detail: 'It saves for all windows. What you edit here waits for it and is kept; close or reload that window.' });
  if (tabs.writer !== 'unresponsive' && wasUnresponsive)
    notices.push({ tone: 'good', key: 'tabs', text: tabs.role === 'writer' ? 'This window saves now' : 'The other window answers again' });
  if (tabs.otherVersion && before?.tabs.otherVersion !== true)
    notices.push({ tone: 'warn', key: 'tab-version', text: 'Another window runs a different version', detail: 'Close or reload it: what is edited there is not seen here until then.' });
  return notices;
}

/** The messages for the step from one status to the next; `before` undefined: at the start. */
export function noticesBetween(before: CoreStatus | undefined, after: CoreStatus, options: NoticeOptions = {}): ToastOptions[] {
  const notices: ToastOptions[] = [];
  const grew = (read: (status: CoreStatus) => number): number => read(after) - (before ? read(before) : 0);
  const problem = storageAdvice(after);
  const problemBefore = before && storageAdvice(before);
  if (problem && problem.code !== problemBefore?.code)
    notices.push({ tone: 'bad', key: 'storage', text: problem.title, detail: `Safe: ${problem.safe} ${problem.todo}`, ...action('Export', options.onExport) });
  if (!problem && problemBefore) notices.push({ tone: 'good', key: 'storage', text: 'Saving on this device works again' });
  const conflicts = grew((status) => status.sync.conflicts);
  if (conflicts > 0) {
    notices.push({
      tone: 'warn', key: 'conflicts', text: `${countText(after.sync.conflicts, 'item')} changed here and on the server`,
      detail: 'Both versions are kept until you choose.', ...action('Review', options.onReview),
    });
  }
  if (before && grew((status) => status.runtime.restarts) > 0)
    notices.push({ tone: 'warn', key: 'restart', text: 'The core was restarted', detail: 'Edits that were not saved yet were applied again.' });
  if (grew((status) => status.runtime.deadLetters.length) > 0) {
    const last = after.runtime.deadLetters.at(-1)!;
    notices.push({ tone: 'bad', key: 'dead-letter', text: 'One edit could not be applied', detail: `${last.action.type}: ${last.reason}` });
  }
  const rejected = grew((status) => status.sync.rejected);
  if (rejected > 0) {
    notices.push({
      tone: 'bad', key: 'rejected', text: `The server refused ${countText(after.sync.rejected, 'edit')}`,
      detail: after.sync.lastError?.message ?? 'Nothing is lost: the persistence page has them with the reason.',
    });
  }
  notices.push(...tabNotices(before, after));
  if (before?.phase !== 'ready' && after.phase === 'ready') notices.push(...recoveryNotices(after));
  return notices;
}

/** Follows the core's status until the returned function is called. */
export function followCore(core: Core, toasts: ToastList, options: NoticeOptions = {}): () => void {
  let last: CoreStatus | undefined;
  const look = (): void => {
    const status = core.status();
    for (const notice of noticesBetween(last, status, options)) toasts.show(notice);
    if (status.sync.conflicts === 0) toasts.retract('conflicts');
    last = status;
  };
  look();
  return core.onStatus(look);
}
