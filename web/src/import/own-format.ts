// Our own export. Everything in it is in the shapes of the slices already.
import type { SliceName } from '../action-table.js';
import { CoreError } from '../errors.js';
import type { Plain } from '../frame.js';
import type { SliceSet } from '../slice-set.js';
import { addItem, imported, isObject, type Imported } from './imported.js';

export const isOwnExport = (json: unknown): json is Plain => isObject(json) && json.format === 'codeforge-project';

/** The action that brings back a slice's own field. Life-cycle fields (loading, error) have none: they are of the moment. */
export const fieldSetters: Readonly<Record<string, string>> = {
  'project.currentProject': 'setCurrentProject', 'files.activeFileId': 'setActiveFile', 'models.activeModelId': 'setActiveModel',
  'components.activeComponentId': 'setActiveComponent', 'componentTrees.activeTreeId': 'setActiveTree',
  'workflows.activeWorkflowId': 'setActiveWorkflow', 'lambdas.activeLambdaId': 'setActiveLambda',
  'theme.currentTheme': 'setCurrentTheme', 'settings.settings': 'setSettings',
};

export function importOwnExport(json: Plain, slices: SliceSet): Imported {
  if (json.version !== 1) throw new CoreError('unsupported', `importProject: version ${String(json.version)} of codeforge-project; this release reads version 1`);
  if (!isObject(json.slices)) throw new CoreError('malformed-payload', 'importProject: member "slices" is missing');
  const result = imported('codeforge-project');
  if (Array.isArray(json.rejected)) result.problems.push(`rejected: ${json.rejected.length} edits that a server refused stay in the file`);
  for (const [name, state] of Object.entries(json.slices)) {
    const slice = name as SliceName;
    const entry = slices.find(slice);
    if (slice === 'conflicts') {
      // They are between a device and its server: the next pull finds them again.
      const count = isObject(state) && Array.isArray(state.conflicts) ? state.conflicts.length : 0;
      if (count > 0) result.problems.push(`slices.conflicts: ${count} stay in the file; pull to see which are left`);
    } else if (entry === undefined || slice === 'sync') result.problems.push(`slices.${slice}: not a slice that can be imported`);
    else if (!isObject(state)) result.problems.push(`slices.${slice}: not an object`);
    else {
      const { collection } = entry;
      const items = collection === null ? [] : state[collection];
      if (collection !== null) result.items.set(slice, []);
      if (Array.isArray(items)) items.forEach((item, index) => addItem(result, slice, item, `slices.${slice}.${collection}[${index}]`));
      else result.problems.push(`slices.${slice}.${collection}: not an array`);
      for (const name of Object.keys(entry.fields)) {
        const setter = slices.setter(slice, name);
        const payload = state[name];
        if (setter !== undefined && payload !== undefined) result.after.push({ type: `${slice}/${setter}`, payload });
      }
    }
  }
  return result;
}
