// A workflow file of sim: `{version, exportedAt, state: {blocks, edges, loops, parallels, metadata, variables}}`.
import type { Plain } from '../frame.js';
import { addItem, imported, isObject, isText, stableId, timeOf, without, type Imported } from './imported.js';

export const isWorkflowFile = (json: unknown): json is Plain & { state: Plain } =>
  isObject(json) && isObject(json.state) && isObject(json.state.blocks);

function toPosition(value: unknown): Plain {
  const position = isObject(value) ? value : {};
  return { ...position, x: Number(position.x) || 0, y: Number(position.y) || 0 };
}

export function importWorkflowFile(json: Plain & { state: Plain }): Imported {
  const result = imported('workflow');
  const { state } = json;
  const nodes: Plain[] = [];
  for (const [id, block] of Object.entries(state.blocks as Plain)) {
    if (isObject(block)) nodes.push({ id, type: isText(block.type) ? block.type : 'block', position: toPosition(block.position), data: block });
    else result.problems.push(`state.blocks.${id}: not an object`);
  }
  const metadata = isObject(state.metadata) ? state.metadata : {};
  const name = isText(metadata.name) ? metadata.name : 'Imported workflow';
  addItem(result, 'workflows', {
    id: stableId('workflow', `${name}\n${nodes.map((node) => String(node.id)).join('\n')}`),
    name,
    ...(isText(metadata.description) ? { description: metadata.description } : {}),
    nodes,
    edges: Array.isArray(state.edges) ? state.edges : [],
    updatedAt: timeOf(json.exportedAt),
    // The rest stays on the item, so that nothing of the file is lost.
    ...without(without(state, 'blocks'), 'edges'),
    source: without(json, 'state'),
  }, 'state');
  return result;
}
