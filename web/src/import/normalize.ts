// Items of other formats in the shapes of the slices. Members that we do not know stay on the item.
import type { Plain } from '../frame.js';
import { isObject, timeOf, without } from './imported.js';

export function toFile(file: Plain): Plain {
  const { name, path } = file;
  return {
    content: '', language: 'plaintext', path: name ?? '', ...file,
    name: name ?? String(path ?? '').split('/').pop(),
    updatedAt: timeOf(file.updatedAt, file.createdAt),
  };
}

function toModelField(field: unknown): unknown {
  if (!isObject(field) || !('isRequired' in field)) return field;
  const { isRequired, ...rest } = field;
  return { ...rest, required: field.required ?? isRequired === true };
}

export function toModel(model: Plain): Plain {
  const fields = Array.isArray(model.fields) ? model.fields.map(toModelField) : [];
  return { name: '', ...model, fields, updatedAt: timeOf(model.updatedAt, model.createdAt) };
}

export function toComponent(component: Plain): Plain {
  return { name: '', type: 'atom', code: '', ...component, updatedAt: timeOf(component.updatedAt, component.createdAt) };
}

/** One `root`; several root nodes get a fragment above them. */
export function toTree(tree: Plain): Plain {
  const rest = { name: '', ...without(tree, 'rootNodes'), updatedAt: timeOf(tree.updatedAt, tree.createdAt) };
  if (isObject(tree.root)) return Array.isArray(tree.rootNodes) ? { ...rest, rootNodes: tree.rootNodes } : rest;
  const nodes: unknown[] = Array.isArray(tree.rootNodes) ? tree.rootNodes : [];
  const root = nodes.length === 1 && isObject(nodes[0]) ? nodes[0] : { id: `${String(tree.id)}-fragment`, type: 'fragment', children: nodes };
  return { ...rest, root };
}

export function toWorkflow(workflow: Plain): Plain {
  const edges = workflow.edges ?? workflow.connections ?? [];
  const rest = workflow.edges === undefined ? without(workflow, 'connections') : workflow;
  return { name: '', nodes: [], ...rest, edges, updatedAt: timeOf(workflow.updatedAt, workflow.createdAt) };
}

export function toLambda(lambda: Plain): Plain {
  return { name: '', code: '', runtime: '', handler: '', ...lambda, updatedAt: timeOf(lambda.updatedAt, lambda.createdAt) };
}

export function toTheme(theme: Plain): Plain {
  return {
    id: 'theme-imported', name: 'Imported theme', colors: {}, typography: {}, spacing: {}, ...theme,
    updatedAt: timeOf(theme.updatedAt, theme.createdAt),
  };
}
