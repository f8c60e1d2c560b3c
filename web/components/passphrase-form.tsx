// Asks for the passphrase of a sealed store, or for a new one. It keeps nothing: the passphrase goes to whoever asked.
import { useEffect, useId, useRef, useState, type FormEvent, type ReactElement } from 'react';
import { Button } from './parts.js';
import { messageOf } from './use-operation.js';

export interface PassphraseFormProps {
  /** Stands on the button: what will be done with it. */
  action: string;
  /** A new one is asked for twice, and has to have `minLength` characters (10). */
  isNew?: boolean;
  minLength?: number;
  /** Called with what was typed. While its promise is open the form is busy; what it rejects with is shown. */
  onPassphrase: (passphrase: string) => Promise<void> | void;
  onCancel?: () => void;
  /** What went wrong before, by its code: `wrong-key` for example. */
  code?: string;
  className?: string;
}

const kWrong = 'That passphrase does not open it. Nothing was changed.';

function problemOf(error: unknown): string {
  return (error as { code?: unknown } | null)?.code === 'wrong-key' ? kWrong : messageOf(error);
}

/**
 * @example
 * <PassphraseForm action="Open" onPassphrase={(passphrase) => console.log(passphrase.length)} />
 */
export function PassphraseForm({ action, isNew = false, minLength = 10, onPassphrase, onCancel, code, className = '' }: PassphraseFormProps): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [again, setAgain] = useState('');
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(code === 'wrong-key' ? kWrong : '');
  const problemId = useId();
  // It is what the user came for, and what is to be typed anew after a mistake.
  useEffect(() => field.current?.select(), [problem]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    if (typed === '') return setProblem('Type the passphrase.');
    if (isNew && typed.length < minLength) return setProblem(`Use at least ${minLength} characters; a few words are easy to remember.`);
    if (isNew && typed !== again) return setProblem('The two are not the same.');
    setProblem('');
    setBusy(true);
    try {
      await onPassphrase(typed);
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };

  const type = isShown ? 'text' : 'password';
  return (
    <form className={`cf cf-passphrase ${className}`} onSubmit={(event) => void submit(event)} aria-busy={isBusy || undefined}>
      <label><span>{isNew ? 'New passphrase' : 'Passphrase'}</span>
        <input ref={field} type={type} value={typed} autoComplete={isNew ? 'new-password' : 'current-password'} autoCapitalize="off" spellCheck={false} maxLength={1024}
          aria-invalid={problem !== '' || undefined} aria-describedby={problemId} onChange={(event) => setTyped(event.target.value)} />
      </label>
      {isNew && (
        <label><span>Once more</span>
          <input type={type} value={again} autoComplete="new-password" autoCapitalize="off" spellCheck={false} maxLength={1024} onChange={(event) => setAgain(event.target.value)} />
        </label>
      )}
      <label className="cf-check"><input type="checkbox" checked={isShown} onChange={(event) => setShown(event.target.checked)} /><span>Show it</span></label>
      <p id={problemId} className="cf-field-problem" role="alert">{problem}</p>
      {isNew && <p className="cf-faint">There is no way around a lost passphrase. Keep an export, or a server, beside it.</p>}
      <div className="cf-row cf-end">
        {onCancel && <Button disabled={isBusy} onClick={onCancel}>Cancel</Button>}
        <Button type="submit" kind="primary" icon="lock" isBusy={isBusy} disabled={isBusy}>{action}</Button>
      </div>
    </form>
  );
}
