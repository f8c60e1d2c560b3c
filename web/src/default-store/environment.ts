// What a deployment says about the server: build-time variables, variables of a process, and what a page
// sets on `window` before the application starts.

interface Variables {
  readonly [name: string]: unknown;
}

// Spelled out member by member: bundlers replace these very expressions.
const built = (import.meta as ImportMeta & { readonly env?: Variables }).env;
const process = (globalThis as { process?: { env?: Variables } }).process?.env;

const page = globalThis as Variables;

/**
 * `true`, `'true'`, `1` and `'1'` are yes; text of a template that was not filled in is no.
 *
 * @example
 * isYes('true'); // true
 * isYes('${USE_FLASK_BACKEND}'); // false
 */
export const isYes = (value: unknown): boolean => value === true || value === 1 || (typeof value === 'string' && /^(true|1)$/i.test(value.trim()));

/**
 * An http or https address, without slashes at its end; undefined for anything else.
 *
 * @example
 * addressOf('https://api.example.org/'); // 'https://api.example.org'
 * addressOf('later'); // undefined
 */
export function addressOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const address = value.trim().replace(/\/+$/, '');
  return /^https?:\/\/./.test(address) ? address : undefined;
}

export interface Environment {
  /** The first of window.FLASK_BACKEND_URL, VITE_FLASK_API_URL, VITE_FLASK_BACKEND_URL, FLASK_BACKEND_URL that is an address. */
  flaskUrl: string | undefined;
  /** Whether the key-value storage lives on the server: window.USE_FLASK_BACKEND, VITE_USE_FLASK_BACKEND, USE_FLASK_BACKEND. */
  usesFlask: boolean;
}

/**
 * What the deployment says. Read anew at each call: a page may set its variables late.
 *
 * @example
 * globalThis.FLASK_BACKEND_URL = 'https://api.example.org/';
 * environment().flaskUrl; // 'https://api.example.org'
 * delete globalThis.FLASK_BACKEND_URL;
 */
export function environment(): Environment {
  const urls = [
    page['FLASK_BACKEND_URL'], built?.['VITE_FLASK_API_URL'], built?.['VITE_FLASK_BACKEND_URL'],
    process?.['VITE_FLASK_API_URL'], process?.['VITE_FLASK_BACKEND_URL'], process?.['FLASK_BACKEND_URL'],
  ];
  const switches = [page['USE_FLASK_BACKEND'], built?.['VITE_USE_FLASK_BACKEND'], process?.['VITE_USE_FLASK_BACKEND'], process?.['USE_FLASK_BACKEND']];
  const said = switches.find((value) => value !== undefined && value !== '');
  return { flaskUrl: urls.map(addressOf).find((url) => url !== undefined), usesFlask: isYes(said) };
}
