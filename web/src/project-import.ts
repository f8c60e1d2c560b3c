// importProject(): tells the format, brings it to items, and puts them in with one dispatch per slice.
import type { SliceName } from './action-table.js';
import { CoreError } from './errors.js';
import type { Plain } from './frame.js';
import { importFlaskExport, isFlaskExport } from './import/flask-format.js';
import { isObject, isText, type Imported } from './import/imported.js';
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

/** Puts the items in; if one of them is refused the others go in one by one, and the report names it. */
function putItems(core: Core, slice: SliceName, items: readonly Plain[], problems: string[]): number {
  if (!core.dispatch({ type: `${slice}/addItems`, payload: items }).error) return items.length;
  let count = 0;
  for (const item of items) {
    const { error } = core.dispatch({ type: `${slice}/addItem`, payload: item });
    if (error) problems.push(`${slice} ${isText(item.id) ? item.id.slice(0, 100) : '?'}: ${error.message}`);
    else count++;
  }
  return count;
}

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

export function importProject(core: Core, json: unknown, slices: SliceSet, rules: ItemRules | undefined): ImportReport {
  const value = parse(json);
  const { format, items, after, kept, problems } = read(value, slices);
  if (rules !== undefined) bringUp(rules, items, after, schemaOf(value), problems);
  else if (schemaOf(value) > 1) tooNew(schemaOf(value), 1);
  const counts: ImportReport['counts'] = {};
  for (const [slice, list] of items) counts[slice] = putItems(core, slice, list, problems);
  for (const action of after) {
    const { error } = core.dispatch(action);
    if (error) problems.push(`${action.type}: ${error.message}`);
  }
  return { format, counts, kept, problems };
}
