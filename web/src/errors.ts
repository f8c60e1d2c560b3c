// The one error of the module: a code that programs can tell apart and a message for people.

/** What went wrong, for programs; the message says which thing and which limit. */
export type ErrorCode =
  | 'unknown-slice' | 'unknown-action' | 'malformed-payload' | 'limit' | 'not-ready' | 'closed' | 'internal'
  | 'schema' | 'read-only' | 'damaged' | 'unsupported' | 'storage' | 'unavailable' | 'in-use' | 'undecided' | 'unknown-backup'
  | 'sealed' | 'wrong-key' | 'offline' | 'timeout' | 'server' | 'rejected' | 'no-server';

/**
 * What every promise of the module rejects with, and what `onError` hears.
 *
 * @example
 * const refused = await core.sync.push().catch((error) => error);
 * refused instanceof CoreError; // true
 * refused.code; // 'no-server'
 */
export class CoreError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CoreError';
    this.code = code;
  }

  /**
   * From what a refused action carries, or crosses from WebAssembly.
   * @example
   * CoreError.from({ code: 'offline', message: 'the server cannot be reached' }).code; // 'offline'
   */
  static from(value: { code?: string; message?: string }): CoreError {
    // The glue and the hooks on files put codes of their own in front of the message.
    const [, own, text] = /^(sealed|wrong-key|damaged): (.*)/s.exec(value.message ?? '') ?? [];
    return new CoreError((own ?? value.code ?? 'internal') as ErrorCode, text ?? value.message ?? 'unknown error');
  }
}

/** Runs what nobody waits for: a CoreError goes to `report`. */
export function orReport(run: () => void, report: (error: CoreError) => void): void {
  try {
    run();
  } catch (error) {
    report(error instanceof CoreError ? error : new CoreError('internal', String(error), { cause: error }));
  }
}
