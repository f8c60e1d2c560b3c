// Short messages at the edge of the screen; a deletion brings its undo with it.
import { Observable } from './observable';

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'good' | 'bad';
  readonly text: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** More would cover the work. */
const kMaxToasts = 4;
const kShownMs = 6_000;
const kShownWithActionMs = 12_000;

export const toasts = new Observable<readonly Toast[]>([]);
let lastId = 0;

export function dismissToast(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = ++lastId;
  toasts.set([...toasts.get(), { ...toast, id }].slice(-kMaxToasts));
  setTimeout(() => dismissToast(id), toast.action ? kShownWithActionMs : kShownMs);
}

export const showError = (text: string, error: unknown): void =>
  showToast({ tone: 'bad', text, detail: error instanceof Error ? error.message : String(error) });
