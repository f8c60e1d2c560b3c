// The edits that the server refused: why, and what to do with each. Nothing of them is lost until the user says so.
import { useCallback, useSyncExternalStore, type ReactElement } from 'react';
import type { Core, RejectedEdit } from 'codeforge-core';
import { useCore } from 'codeforge-core/react';
import { useConfirm } from './confirm.js';
import { countText } from './format.js';
import { Badge, Button, Card, Facts, TimeAgo } from './parts.js';
import { useToasts } from './toasts.js';

/** More are counted only. */
const kRowsShown = 20;

function useRejected(core: Core): readonly RejectedEdit[] {
  // State and status can both tell of one.
  const subscribe = useCallback((listener: () => void) => {
    const stops = [core.subscribe(listener), core.onStatus(listener)];
    return () => stops.forEach((stop) => stop());
  }, [core]);
  const snapshot = useCallback(() => core.rejected, [core]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

function RejectedRow({ edit, onDiscard }: { edit: RejectedEdit; onDiscard: () => void }): ReactElement {
  const core = useCore();
  const toasts = useToasts();
  const { key, slice, id, reason, at, isRolledBack } = edit;
  const retry = (): void => {
    const { error } = core.dispatch({ type: 'sync/retryRejected', payload: { key } });
    if (error) toasts?.show({ tone: 'bad', text: 'It cannot be sent again', detail: error.message });
    else void core.sync.push().catch(() => {});
  };
  return (
    <li>
      <span>
        <strong>{id}</strong>
        <small>{slice}{at > 0 && <>, refused <TimeAgo time={at} /></>}: {reason.replace(/\.$/, '')}. {isRolledBack ? 'The item was set back to what the server has.' : 'The item keeps it.'}</small>
      </span>
      <Button icon="refresh" aria-label={`Send again: ${id}`} onClick={retry}>Send again</Button>
      <Button icon="trash" kind="danger" aria-label={`Discard: ${id}`} onClick={onDiscard}>Discard</Button>
    </li>
  );
}

/** Shows nothing while the server has refused nothing. */
export function RejectedCard(): ReactElement | null {
  const core = useCore();
  const edits = useRejected(core);
  const [dialog, ask] = useConfirm();
  if (edits.length === 0) return null;
  const discard = async ({ key, id }: RejectedEdit): Promise<void> => {
    const question = { title: `Discard the edit of ${id}?`, text: <p>It is on no server, and will be gone from this device too.</p>, confirm: 'Discard it', danger: true };
    if (await ask(question)) core.dispatch({ type: 'sync/discardRejected', payload: { key } });
  };
  return (
    <Card title="Refused by the server" icon="alert" tone="bad" className="cf-wide" aside={<Badge tone="bad">{countText(edits.length, 'edit')}</Badge>}>
      <ul className="cf-rows">
        {edits.slice(0, kRowsShown).map((edit) => <RejectedRow key={`${edit.key}/${edit.at}`} edit={edit} onDiscard={() => void discard(edit)} />)}
      </ul>
      {edits.length > kRowsShown && <Facts rows={[['And more', (edits.length - kRowsShown).toLocaleString('en')]]} />}
      {dialog}
    </Card>
  );
}
