// importProject(): tells the format, brings it to items, and puts them in with one dispatch per slice, in one transaction.
import type { SliceName } from './action-table.js';
import { CoreError } from './errors.js';
import type { Plain } from './frame.js';
import { importFlaskExport, isFlaskExport } from './import/flask-format.js';
import { isObject, type Imported } from './import/imported.js';
import { importOwnExport, isOwnExport } from './import/own-format.js';
import { importSeed, isSeed } from './import/seed-format.js';
import { importTrees, isTrees } from './import/tree-format.js';
import { importWorkflowFile, isWorkflowFile } from './import/workflow-format.js';
import type { ItemRules } from './item-rules.js';
import type { SliceSet } from './slice-set.js';
import type { Core, ImportReport } from './types.js';

/** A project as text, in UTF-16 units. */
export const maxImportLength = 256 << 20;

function parse(json: unknown): unknown {
  if (typeof json !== 'string') return json;
  if (json.length > maxImportLength) throw new CoreError('limit', `importProject: ${json.length} characters are over the limit of ${maxImportLength}`);
  try {
    return JSON.parse(json.charCodeAt(0) === 0xfeff ? json.slice(1) : json);
  } catch (error) {
    throw new CoreError('malformed-payload', `importProject: this is not JSON (${(error as Error).message})`, { cause: error });
  }
}

function read(json: unknown, slices: SliceSet): Imported {
  if (isOwnExport(json)) return importOwnExport(json, slices);
  if (isWorkflowFile(json)) return importWorkflowFile(json);
  if (isSeed(json)) return importSeed(json);
  if (isFlaskExport(json, slices)) return importFlaskExport(json, slices);
  if (isTrees(json)) return importTrees(json);
  throw new CoreError('malformed-payload',
    'importProject: unknown format. Known are: an export of CodeForge, keys "project-…", a workflow with state.blocks, an export of the Flask API, component trees.');
}

/** Puts items in, and answers how many. What is refused is left out, and `problems` names it. */
export type PutItems = (core: Core, slice: SliceName, items: readonly Plain[], problems: string[]) => number;

/** Adds the items or replaces those of the same id. If one is refused, halves are tried, and halves of halves. */
export const mergeItems: PutItems = (core, slice, items, problems) => {
  if (items.length === 0) return 0;
  const one = items.length === 1;
  const { error } = core.dispatch(one ? { type: `${slice}/addItem`, payload: items[0] } : { type: `${slice}/addItems`, payload: items });
  if (!error) return items.length;
  if (one) problems.push(`${slice} ${String(items[0]!.id).slice(0, 100)}: ${error.message}`);
  const half = items.length >> 1;
  return one ? 0 : mergeItems(core, slice, items.slice(0, half), problems) + mergeItems(core, slice, items.slice(half), problems);
};

function tooNew(schema: number, known: number): never {
  throw new CoreError('read-only', `importProject: the file is of schema ${schema}; this program knows schemas up to ${known}`);
}

const schemaOf = (value: unknown): number => (isOwnExport(value) && Number.isInteger(value.schema) ? (value.schema as number) : 1);

/** Items of older schemas become present ones; what cannot be brought there is left out and named. */
function bringUp({ migrator }: ItemRules, items: Imported['items'], after: Imported['after'], schema: number, problems: string[]): void {
  if (schema > migrator.version) tooNew(schema, migrator.version);
  after.forEach(({ type, payload }, index) => {
    if (!isObject(payload)) return;
    const result = migrator.run(type.slice(0, type.indexOf('/')), payload, schema);
    if ('item' in result) after[index] = { type, payload: result.item };
    else problems.push(`${type}: migration step ${result.step}: ${result.message}`);
  });
  for (const [slice, list] of items)
    items.set(slice, list.flatMap((item) => {
      const result = migrator.run(slice, item, schema);
      if ('item' in result) return [result.item];
      problems.push(`${slice} ${String(item.id).slice(0, 100)}: migration step ${result.step}: ${result.message}`);
      return [];
    }));
}

/** What a file holds, in the present schema. Throws CoreError; nothing is changed by it. */
export function readProject(core: Core, json: unknown, slices: SliceSet, rules: ItemRules | undefined): Imported {
  const { phase, schema } = core.status();
  if (schema.readOnly) throw new CoreError('read-only', `importProject: the store is of schema ${schema.level}, and can only be read`);
  if (phase !== 'ready' && phase !== 'opening') throw new CoreError('closed', 'importProject: the core is closed');
  const value = parse(json);
  const project = read(value, slices);
  if (rules !== undefined) bringUp(rules, project.items, project.after, schemaOf(value), project.problems);
  else if (schemaOf(value) > 1) tooNew(schemaOf(value), 1);
  return project;
}

/** Puts it into the store. `isWhole`: what the file says is absent becomes so. */
export function putProject(core: Core, { format, items, after, kept, problems }: Imported, put: PutItems = mergeItems, isWhole = false): ImportReport {
  const counts: ImportReport['counts'] = {};
  for (const [slice, list] of items) {
    const count = put(core, slice, list, problems);
    if (list.length > 0) counts[slice] = count;
  }
  for (const action of after) {
    if (action.payload === null && !isWhole) continue;
    const { error } = core.dispatch(action);
    if (error) problems.push(`${action.type}: ${error.message}`);
  }
  return { format, counts, kept, problems };
}

export function importProject(core: Core, json: unknown, slices: SliceSet, rules: ItemRules | undefined): ImportReport {
  const project = readProject(core, json, slices, rules);
  return core.transaction(() => putProject(core, project));
}
