// The protocol of the Redux DevTools extension, as far as a store speaks it: what it gives, what it is sent.

/** Messages from the extension's panel. */
export interface DevToolsMessage {
  type: 'START' | 'STOP' | 'DISPATCH' | 'ACTION' | 'EXPORT' | 'UPDATE' | (string & {});
  /** Of DISPATCH: what the user pressed. Of ACTION: the JSON text of an action to run. */
  payload?: string | { type: string; actionId?: number; index?: number; status?: boolean };
  /** JSON text of what send() gave with the action that is jumped to. */
  state?: string;
}

/** One instance in the panel. */
export interface DevToolsConnection {
  init(state: unknown): void;
  send(action: { type: string; payload?: unknown } | null, state: unknown): void;
  subscribe(listener: (message: DevToolsMessage) => void): (() => void) | undefined;
  unsubscribe?(): void;
  error?(message: string): void;
}

/** `globalThis.__REDUX_DEVTOOLS_EXTENSION__`. */
export interface DevToolsExtension {
  connect(options: { name: string; features: Record<string, boolean>; maxAge?: number }): DevToolsConnection;
}
