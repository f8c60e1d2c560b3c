// What the package offers: the functions that its entries export, and the methods of the types that they name.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isUsed } from './examples.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Told to diagnostics only: what the WebAssembly module itself offers, described in bindings/README.md. */
const kInternalTypes = new Set(['CoreModule']);

/** Names that a declaration file exports, whatever they are. */
function exportedTypes(path, seen = new Set()) {
  if (seen.has(path) || !existsSync(path)) return [];
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const names = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) => list.split(',').map((part) => part.replace(/^\s*type\s+/, '').split(' as ').at(-1).trim()));
  const own = [...text.matchAll(/^export (?:declare )?(?:abstract )?(?:interface|class) (\w+)/gm)].map(([, name]) => name);
  const stars = [...text.matchAll(/export (?:type )?\* from '(\.[^']+)\.js'/g)].flatMap(([, from]) => exportedTypes(join(dirname(path), `${from}.d.ts`), seen));
  return [...names.filter(Boolean), ...own, ...stars];
}

/** The modules of `codeforge-core/compat/*`: `{ name: exports }`. */
export async function compatModules(folder = join(root, 'web/dist/compat'), prefix = 'codeforge-core/compat') {
  const found = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(found, await compatModules(path, `${prefix}/${entry.name}`));
    else if (entry.name.endsWith('.js')) found[`${prefix}/${entry.name.slice(0, -3)}`] = await import(pathToFileURL(path));
  }
  return found;
}

/** Functions of the entries: `{ entry, name, owner, value }`; `owner` is the exported object whose member it is. */
export function publicFunctions(exported) {
  return Object.entries(exported).flatMap(([entry, values]) => Object.entries(values).flatMap(([name, value]) => {
    if (typeof value === 'function') return [{ entry, name, value }];
    // A store is a Core, whose methods are those of a type; looking at them would open it.
    if (typeof value !== 'object' || value === null || 'dispatch' in value || Object.getPrototypeOf(value) !== Object.prototype) return [];
    return Object.entries(value).filter(([, member]) => typeof member === 'function').map(([member, of]) => ({ entry, name: member, owner: name, value: of }));
  }));
}

/** Methods of the interfaces and classes that the entries export: `{ type, name, file, line, hasText, own }`; `own` is its own example. */
export function publicMethods(docs) {
  const names = new Set();
  for (const { types } of Object.values(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports))
    if (types && !types.includes('*')) for (const name of exportedTypes(join(root, types))) names.add(name);
  return [...new Set(docs.map(({ file }) => file))].flatMap((file) => methodsIn(file, docs.filter((doc) => doc.file === file)))
    .filter(({ type }) => names.has(type) && !kInternalTypes.has(type));
}

function methodsIn(file, docs) {
  const found = [];
  let type;
  for (const [index, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    const [, opened, parents = ''] = /^export (?:abstract )?(?:interface|class) (\w+)(.*)/.exec(line) ?? [];
    if (opened) type = { name: opened, implements: /implements (\w+)/.exec(parents)?.[1] };
    else if (line === '}') type = undefined;
    const [, name] = (type && /^  (?:readonly |static |async |get )*(\w+)(?:<[^(]*>)?(?:\(|: \(.*=>|: Dispatch;|: <| = \(|\()/.exec(line)) ?? [];
    if (!name || name === 'constructor' || /^  (?:private|if|for|return|while)\b/.test(line)) continue;
    const doc = docs.find((candidate) => candidate.ends === index);
    found.push({ type: type.name, name, file, line: index + 1, inherits: type.implements, hasText: (doc?.text ?? '') !== '', own: doc?.example ?? '' });
  }
  return found;
}

/** Whether an example shows the function: its own, that of its object, or that of an equal one elsewhere. */
export function isFunctionShown({ name, owner, value }, docs, shownValues) {
  if (shownValues.has(value)) return true;
  const isShown = docs.some((doc) => doc.example !== '' && (doc.name === name && owner === undefined
    || doc.names.includes(name) && isUsed(doc.example, name)
    || owner !== undefined && (doc.name === owner || doc.name === 'SliceActions') && isMemberUsed(doc.example, name)));
  if (isShown) shownValues.add(value);
  return isShown;
}

/** Whether an example of its own, of its type, or in its file shows the method. */
export const isMethodShown = ({ type, name, file, own }, docs) =>
  own !== '' || docs.some((doc) => (doc.file === file || doc.name === type) && (isMemberUsed(doc.example, name) || isUsed(doc.example, name)));

const isMemberUsed = (code, name) => new RegExp(`\\.${name}(?![\\w$])`).test(code.replace(/\/\/[^\n]*/g, ''));
