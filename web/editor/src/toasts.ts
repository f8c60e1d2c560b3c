// Short messages at the edge of the screen, for every part of the page; a deletion brings its undo with it.
import { createToasts, type ToastOptions } from 'codeforge-core/components';

export const toasts = createToasts();

export const showToast = (toast: ToastOptions): void => void toasts.show(toast);

export const showError = (text: string, error: unknown): void =>
  showToast({ tone: 'bad', text, detail: error instanceof Error ? error.message : String(error) });
