// Messages at the edge of the screen. A polite live region reads them; the focus is never taken.
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import { useCore } from 'codeforge-core/react';
import { followCore } from './core-notices.js';
import { downloadExport } from './download.js';
import { Icon } from './icon.js';
import { createToasts, type Toast, type ToastList } from './toast-list.js';

const ToastContext = createContext<ToastList | null>(null);

export interface ToastProviderProps {
  /** Your own list, for messages from outside React. Without it the provider makes one. */
  toasts?: ToastList;
  /** Called by the button of a message about conflicts. */
  onReviewConflicts?: () => void;
  /** false: only your own messages, none of the core's. */
  watchCore?: boolean;
  children?: ReactNode;
}

function CoreNotices({ toasts, onReview }: { toasts: ToastList; onReview: (() => void) | undefined }): null {
  const core = useCore();
  const review = useRef(onReview);
  review.current = onReview;
  useEffect(() => followCore(core, toasts, {
    ...(onReview ? { onReview: () => review.current?.() } : {}),
    onExport: () => void downloadExport(core),
  // Whether there is a way to the conflicts matters, not which function it is today.
  }), [core, toasts, onReview === undefined]);
  return null;
}

/**
 * Gives messages to the components below it and watches the core for what the user must know.
 * Place `<Toasts />` once, where the messages are to be.
 *
 * @example
 * <CoreProvider core={core}><ToastProvider><p>the app</p><Toasts /></ToastProvider></CoreProvider>
 */
export function ToastProvider({ toasts, onReviewConflicts, watchCore = true, children }: ToastProviderProps): ReactElement {
  const [own] = useState(createToasts);
  const list = toasts ?? own;
  return (
    <ToastContext.Provider value={list}>
      {watchCore && <CoreNotices toasts={list} onReview={onReviewConflicts} />}
      {children}
    </ToastContext.Provider>
  );
}

/**
 * The list of the provider above; undefined without one.
 *
 * @example
 * const toasts = useToasts();
 * const tell = () => toasts?.show({ tone: 'good', text: 'Copied' });
 */
export const useToasts = (): ToastList | undefined => useContext(ToastContext) ?? undefined;

const kIcons = { plain: 'note', busy: 'note', good: 'check', warn: 'alert', bad: 'alert' } as const;

function ToastItem({ toast, list, isPaused }: { toast: Toast; list: ToastList; isPaused: boolean }): ReactElement {
  const { id, tone, text, detail, action, shownMs } = toast;
  useEffect(() => {
    if (shownMs === 0 || isPaused) return;
    const timer = setTimeout(() => list.dismiss(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, list, shownMs, isPaused]);
  return (
    <li className="cf-toast" data-tone={tone}>
      <Icon name={kIcons[tone]} size={18} />
      <div className="cf-toast-text"><span>{text}</span>{detail && <small>{detail}</small>}</div>
      {action && <button type="button" className="cf-button" onClick={() => { list.dismiss(id); action.run(); }}>{action.label}</button>}
      <button type="button" className="cf-icon-button" aria-label={`Dismiss: ${text}`} onClick={() => list.dismiss(id)}><Icon name="close" /></button>
    </li>
  );
}

/**
 * Where the messages are shown. They wait while the pointer or the focus is on them; Escape dismisses the newest.
 *
 * @example
 * <Toasts />
 */
export function Toasts(): ReactElement {
  const list = useContext(ToastContext);
  if (list === null) throw new Error('Toasts: there is no <ToastProvider> above this component');
  const shown = useSyncExternalStore(list.subscribe, list.get, list.get);
  const [isPaused, setPaused] = useState(false);
  return (
    <section className="cf cf-toasts" aria-label="Messages" onPointerEnter={() => setPaused(true)} onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)} onBlur={() => setPaused(false)}
      onKeyDown={(event) => {
        const newest = shown.at(-1);
        if (event.key === 'Escape' && newest) list.dismiss(newest.id);
      }}>
      <div role="log" aria-live="polite" aria-relevant="additions" aria-label="Latest messages">
        {shown.length > 0 && <ol>{shown.map((toast) => <ToastItem key={toast.id} toast={toast} list={list} isPaused={isPaused} />)}</ol>}
      </div>
    </section>
  );
}
