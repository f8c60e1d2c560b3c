// Push, pull and check as the user starts them, with their outcome as a message.
import type { Core, SyncStatus } from 'codeforge-core';
import { go } from '../navigation';
import type { ToastOptions } from 'codeforge-core/components';
import { showError, showToast } from '../toasts';

export const isBusy = ({ phase }: SyncStatus): boolean => phase === 'pushing' || phase === 'pulling' || phase === 'checking';

const changes = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

/** What was changed on both sides needs the user; the message leads there. */
function conflictNote(conflicts: number): Partial<Pick<ToastOptions, 'detail' | 'action'>> {
  if (conflicts === 0) return {};
  return {
    detail: `${conflicts} ${conflicts === 1 ? 'item was' : 'items were'} changed here and on the server.`,
    action: { label: 'Review', run: () => go({ section: 'conflicts' }) },
  };
}

export async function push(core: Core): Promise<void> {
  try {
    const { pushed, deleted, conflicts } = await core.sync.push();
    showToast({ tone: 'good', text: pushed + deleted > 0 ? `Pushed ${changes(pushed + deleted)}` : 'The server has everything already', ...conflictNote(conflicts) });
  } catch (error) {
    showError('Push did not finish; nothing is lost', error);
  }
}

export async function pull(core: Core): Promise<void> {
  try {
    const { pulled, removed, kept, conflicts } = await core.sync.pull();
    const text = pulled + removed > 0 ? `Pulled ${changes(pulled + removed)}` : conflicts > 0 ? 'Pulled, with conflicts' : 'Nothing new on the server';
    const own = kept > 0 ? { detail: `${changes(kept)} of this device kept; push to send them.` } : {};
    showToast({ tone: 'good', text, ...own, ...conflictNote(conflicts) });
  } catch (error) {
    showError('Pull did not finish; nothing is lost', error);
  }
}

export async function check(core: Core): Promise<void> {
  try {
    const isThere = await core.sync.check();
    if (isThere) await core.sync.retry();
    showToast(isThere ? { tone: 'good', text: 'The server answers' } : { tone: 'bad', text: 'The server does not answer' });
  } catch (error) {
    showError('The server does not answer', error);
  }
}
