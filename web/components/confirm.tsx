// A question before something that cannot be taken back. The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back.
import { useCallback, useId, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { Button } from './parts.js';

export interface Question {
  title: string;
  /** What will happen, with numbers. */
  text: ReactNode;
  /** What the button says: the deed, not "OK". */
  confirm: string;
  danger?: boolean;
}

/**
 * A dialog to place in the component, and a function that asks.
 *
 * @returns `[dialog, ask]`; `ask(question)` resolves with true only when the user pressed the confirming button.
 * @example
 * const [dialog, ask] = useConfirm();
 * const empty = async () => { if (await ask({ title: 'Empty the server?', text: '12 keys', confirm: 'Empty it', danger: true })) await core.sync.clear(); };
 */
export function useConfirm(): [dialog: ReactElement, ask: (question: Question) => Promise<boolean>] {
  const dialog = useRef<HTMLDialogElement>(null);
  const settle = useRef<(isConfirmed: boolean) => void>(() => {});
  const [question, setQuestion] = useState<Question | null>(null);
  const titleId = useId();
  const textId = useId();
  const ask = useCallback((next: Question) => {
    settle.current(false);
    setQuestion(next);
    dialog.current?.showModal();
    return new Promise<boolean>((resolve) => { settle.current = resolve; });
  }, []);
  const close = (isConfirmed: boolean): void => {
    settle.current(isConfirmed);
    dialog.current?.close();
  };
  const element = (
    <dialog ref={dialog} className="cf cf-dialog" aria-labelledby={titleId} aria-describedby={textId} onClose={() => settle.current(false)}
      onClick={(event) => { if (event.target === event.currentTarget) close(false); }}>
      {question && (
        <div className="cf-dialog-body">
          <h3 id={titleId}>{question.title}</h3>
          <div id={textId}>{question.text}</div>
          <div className="cf-row cf-end">
            <Button autoFocus onClick={() => close(false)}>Cancel</Button>
            <Button kind={question.danger ? 'danger' : 'primary'} onClick={() => close(true)}>{question.confirm}</Button>
          </div>
        </div>
      )}
    </dialog>
  );
  return [element, ask];
}
