// A project as the original application kept it: fourteen keys `project-…`, each a whole array or object.
import type { SliceName } from '../action-table.js';
import type { Plain } from '../frame.js';
import { addItem, imported, isObject, isText, stableId, type Imported } from './imported.js';
import { toComponent, toFile, toLambda, toModel, toTheme, toTree, toWorkflow } from './normalize.js';

const kPrefix = 'project-';

const collections: Readonly<Record<string, { slice: SliceName; convert: (item: Plain) => Plain }>> = {
  'project-files': { slice: 'files', convert: toFile },
  'project-models': { slice: 'models', convert: toModel },
  'project-components': { slice: 'components', convert: toComponent },
  'project-component-trees': { slice: 'componentTrees', convert: toTree },
  'project-workflows': { slice: 'workflows', convert: toWorkflow },
  'project-lambdas': { slice: 'lambdas', convert: toLambda },
};

export const isSeed = (json: unknown): json is Plain => isObject(json) && Object.keys(json).some((name) => name.startsWith(kPrefix));

export function importSeed(json: Plain): Imported {
  const result = imported('seed');
  const attachments: Plain = {};
  for (const [name, value] of Object.entries(json)) {
    const collection = Object.hasOwn(collections, name) ? collections[name] : undefined;
    if (collection && Array.isArray(value))
      value.forEach((item: unknown, index) => addItem(result, collection.slice, isObject(item) ? collection.convert(item) : item, `${name}[${index}]`));
    else if (name === 'project-theme' && (Array.isArray(value) || isObject(value))) importTheme(result, value);
    else {
      Object.defineProperty(attachments, name, { value, enumerable: true, writable: true, configurable: true });
      result.kept.push(name);
    }
  }
  const ids = [...result.items.values()].flat().map((item) => String(item.id));
  const now = Date.now();
  const project: Plain = {
    id: stableId('project', ids.join('\n')),
    name: isText(json.name) ? json.name : 'Imported project',
    createdAt: now,
    updatedAt: now,
    ...(result.kept.length > 0 ? { attachments } : {}),
  };
  addItem(result, 'project', project, 'project');
  result.after.push({ type: 'project/setCurrentProject', payload: project });
  return result;
}

function importTheme(result: Imported, value: Plain | unknown[]): void {
  const themes = Array.isArray(value) ? value : [value];
  const converted = themes.map((theme) => (isObject(theme) ? toTheme(theme) : theme));
  converted.forEach((theme, index) => addItem(result, 'theme', theme, `project-theme[${index}]`));
  const first = converted.find(isObject);
  if (first) result.after.push({ type: 'theme/setCurrentTheme', payload: first });
}
