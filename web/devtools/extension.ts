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
  /** The log begins here, with this to be shown for the state. */
  init(state: unknown): void;
  /** One more line of the log. */
  send(action: { type: string; payload?: unknown } | null, state: unknown): void;
  /** What the user presses in the panel. Answers how to stop. */
  subscribe(listener: (message: DevToolsMessage) => void): (() => void) | undefined;
  /** Ends everything that subscribe() began. */
  unsubscribe?(): void;
  /** Shown in the panel. */
  error?(message: string): void;
}

/**
 * `globalThis.__REDUX_DEVTOOLS_EXTENSION__`, or what stands in for it.
 *
 * @example
 * const log: string[] = [];
 * const extension: DevToolsExtension = {
 *   connect: ({ name }) => ({ init: () => log.push(name), send: (action) => log.push(action.type), subscribe: () => undefined }),
 * };
 * const disconnect = connectDevTools(core, { name: 'shop', extension });
 * core.dispatch(files.updateItem({ id: 'a', content: 'x' }));
 * log.join(); // 'shop,files/updateItem'
 * disconnect();
 */
export interface DevToolsExtension {
  /** One more store in the panel. */
  connect(options: { name: string; features: Record<string, boolean>; maxAge?: number }): DevToolsConnection;
}
