// A workflow as a graph. Positions follow the pointer locally and are dispatched when the step is let go; everything else at once.
import { addEdge, applyNodeChanges, Background, BackgroundVariant, Controls, MarkerType, ReactFlow, ReactFlowProvider, type Connection, type Edge, type NodeChange } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import type { Core, Workflow, WorkflowEdge, WorkflowNode } from 'codeforge-core';
import { useCore } from 'codeforge-core/react';
import { Plus, Workflow as WorkflowIcon } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { newId } from '../new-id';
import { selectNode, useRoutePart } from '../navigation';
import { updateItem, useItemPart } from '../store-hooks';
import { Menu } from '../ui';
import { ContainerCard, NoteCard, StepCard, type StepNode } from './step-card';
import { isNote, kindOf, nameOf, nestingOf, typeText } from './steps';

const nodeTypes = { step: StepCard, note: NoteCard, container: ContainerCard };
const offered = ['trigger', 'action', 'condition', 'agent', 'function', 'http', 'notification', 'delay', 'note'];
const workflowOf = (workflow: Workflow | undefined) => workflow;
const noNodes: readonly WorkflowNode[] = [];
const noEdges: readonly WorkflowEdge[] = [];

const unique = (ids: readonly (string | null | undefined)[]): string[] => [...new Set(ids.map((id) => id ?? ''))];

/** As far apart as cards have to be, so that the line between them is seen. */
const kLeastGap = 262;
const kMostSpread = 2;

/** Other editors draw smaller cards: where ours would cover each other, the graph is shown wider than its positions say. */
function spreadOf(nodes: readonly WorkflowNode[]): number {
  const places = nodes.filter((node) => !nestingOf(node).parentId).map(({ position }) => ({ x: Number(position?.x) || 0, y: Number(position?.y) || 0 }));
  let least = kLeastGap;
  for (const one of places)
    for (const other of places) {
      const gap = other.x - one.x;
      if (gap > 80 && gap < least && Math.abs(other.y - one.y) < 90) least = gap;
    }
  return Math.min(kLeastGap / least, kMostSpread);
}

function toGraph(nodes: readonly WorkflowNode[], edges: readonly WorkflowEdge[], selected: string | null, spread: number): StepNode[] {
  const known = new Set(nodes.map((node) => node.id));
  const drawn = nodes.map((step): StepNode => {
    const { parentId, size } = nestingOf(step);
    const outs = unique(edges.filter((edge) => edge.source === step.id).map((edge) => edge.sourceHandle));
    const ins = unique(edges.filter((edge) => edge.target === step.id).map((edge) => edge.targetHandle));
    return {
      id: step.id,
      type: size ? 'container' : isNote(step) ? 'note' : 'step',
      position: { x: (Number(step.position?.x) || 0) * spread, y: Number(step.position?.y) || 0 },
      data: { step, outs: outs.length > 0 ? outs : [''], ins: ins.length > 0 ? ins : [''] },
      selected: step.id === selected,
      ...(parentId && parentId !== step.id && known.has(parentId) ? { parentId } : {}),
      ...(size ? { style: size, zIndex: -1 } : {}),
      ariaLabel: `${typeText(step.type)}: ${nameOf(step)}`,
    };
  });
  // React Flow wants a container before what lies in it.
  return drawn.sort((one, other) => Number(one.parentId !== undefined) - Number(other.parentId !== undefined));
}

/** Cards smaller than this share of their size cannot be read. */
const kLeastZoom = 0.66;
const kCardWidth = 224;

/** The steps to begin with: all of them where they can be read, else the first ones. */
function readablePart(graph: readonly StepNode[]): { id: string }[] {
  const isNarrow = matchMedia('(max-width: 860px)').matches;
  const stage = document.querySelector('.stage')?.clientWidth ?? window.innerWidth;
  const roots = graph.filter((node) => !node.parentId);
  const start = Math.min(...roots.map((node) => node.position.x));
  const end = start + stage / (isNarrow ? 0.78 : kLeastZoom);
  const near = roots.filter((node) => node.position.x + kCardWidth <= end);
  return (near.length > 0 ? near : roots).map(({ id }) => ({ id }));
}

function toLines(edges: readonly WorkflowEdge[], known: ReadonlySet<string>): Edge[] {
  return edges.filter((edge) => known.has(edge.source) && known.has(edge.target)).map((edge) => {
    const { condition, label } = edge as { condition?: unknown; label?: unknown };
    const text = typeof label === 'string' ? label : typeof condition === 'string' ? condition : undefined;
    return {
      id: edge.id, source: edge.source, target: edge.target, sourceHandle: edge.sourceHandle || null, targetHandle: edge.targetHandle || null,
      type: 'smoothstep', markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--line-strong)' }, ...(text ? { label: text } : {}),
    };
  });
}

/** Moves and deletions as the store wants them: whole lists, one dispatch. */
class GraphCommands {
  readonly #core: Core;
  readonly #id: string;

  constructor(core: Core, id: string) {
    this.#core = core;
    this.#id = id;
  }

  #change(change: (workflow: Workflow) => Partial<Workflow>): void {
    const workflow = this.#core.read('workflows', this.#id);
    if (workflow) updateItem(this.#core, 'workflows', this.#id, change({ ...workflow, nodes: workflow.nodes ?? [], edges: workflow.edges ?? [] }));
  }

  move(positions: ReadonlyMap<string, { x: number; y: number }>): void {
    this.#change(({ nodes }) => ({ nodes: nodes.map((node) => (positions.has(node.id) ? { ...node, position: positions.get(node.id)! } : node)) }));
  }

  connect({ source, target, sourceHandle, targetHandle }: Connection): void {
    const ends = { source, target, ...(sourceHandle ? { sourceHandle } : {}), ...(targetHandle ? { targetHandle } : {}) };
    this.#change(({ edges }) => (addEdge({ id: newId('edge'), ...ends }, edges as Edge[]).length === edges.length ? {} : { edges: [...edges, { id: newId('edge'), ...ends }] }));
  }

  remove(nodeIds: ReadonlySet<string>, edgeIds: ReadonlySet<string>): void {
    this.#change(({ nodes, edges }) => ({
      nodes: nodes.filter((node) => !nodeIds.has(node.id)),
      edges: edges.filter((edge) => !edgeIds.has(edge.id) && !nodeIds.has(edge.source) && !nodeIds.has(edge.target)),
    }));
  }

  add(type: string): void {
    const id = newId('step');
    this.#change(({ nodes }) => {
      const right = nodes.reduce((x, node) => Math.max(x, Number(node.position?.x) || 0), -200);
      return { nodes: [...nodes, { id, type, position: { x: right + 280, y: Number(nodes.at(-1)?.position?.y) || 120 }, data: { label: `New ${type}` } }] };
    });
    selectNode(id);
  }
}

function Graph({ workflow, commands }: { workflow: Workflow; commands: GraphCommands }) {
  const nodes = workflow.nodes ?? noNodes;
  const edges = workflow.edges ?? noEdges;
  const selected = useRoutePart((route) => route.node);
  // Decided once per opening: a graph must not change its width under the pointer.
  const [spread] = useState(() => spreadOf(nodes));
  const graph = useMemo(() => toGraph(nodes, edges, selected, spread), [nodes, edges, selected, spread]);
  const lines = useMemo(() => toLines(edges, new Set(nodes.map((node) => node.id))), [nodes, edges]);
  const [shown, setShown] = useState(graph);
  const [first] = useState(() => readablePart(graph));
  const [chosenEdges, setChosenEdges] = useState<ReadonlySet<string>>(new Set());
  // Sizes that React Flow has measured survive a change of content.
  useEffect(() => setShown((before) => {
    const measured = new Map(before.map((node) => [node.id, node.measured]));
    return graph.map((node) => ({ ...node, ...(measured.get(node.id) ? { measured: measured.get(node.id)! } : {}) }));
  }), [graph]);

  const onNodesChange = useCallback((changes: NodeChange<StepNode>[]) => {
    setShown((before) => applyNodeChanges(changes.filter((change) => change.type !== 'remove'), before));
    const settled = changes.flatMap((change) => (change.type === 'position' && !change.dragging && change.position ? [[change.id, { x: Math.round(change.position.x / spread), y: Math.round(change.position.y) }] as const] : []));
    if (settled.length > 0) commands.move(new Map(settled));
    const chosen = changes.find((change) => change.type === 'select' && change.selected);
    if (chosen?.type === 'select') selectNode(chosen.id);
  }, [commands, spread]);

  return (
    <ReactFlow nodes={shown} edges={lines.map((line) => ({ ...line, selected: chosenEdges.has(line.id) }))} nodeTypes={nodeTypes} onNodesChange={onNodesChange}
      onEdgesChange={(changes) => setChosenEdges((before) => {
        const after = new Set(before);
        for (const change of changes) if (change.type === 'select') after[change.selected ? 'add' : 'delete'](change.id);
        return after;
      })}
      onConnect={(connection) => commands.connect(connection)}
      onDelete={({ nodes: goneNodes, edges: goneEdges }) => commands.remove(new Set(goneNodes.map((node) => node.id)), new Set(goneEdges.map((edge) => edge.id)))}
      onPaneClick={() => selectNode(null)} fitView fitViewOptions={{ padding: 0.08, maxZoom: 1, minZoom: 0.3, nodes: first }} minZoom={0.1} maxZoom={1.75} deleteKeyCode={['Delete', 'Backspace']}
      nodesFocusable edgesFocusable proOptions={{ hideAttribution: true }} aria-label="Workflow graph">
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--dots)" />
      <Controls showInteractive={false} position="bottom-right" />
    </ReactFlow>
  );
}

export default function WorkflowEditor({ id }: { id: string }) {
  const core = useCore();
  const workflow = useItemPart('workflows', id, workflowOf);
  const commands = useMemo(() => new GraphCommands(core, id), [core, id]);
  if (!workflow) return null;
  return (
    <>
      <div className="stage-head">
        <WorkflowIcon size={15} aria-hidden className="faint" />
        <h1 className="truncate grow">{workflow.name}</h1>
        <Menu name="Add a step" align="right" buttonClass="button" testId="add-step" label={<><Plus size={14} aria-hidden />Step</>}>
          {(close) => offered.map((type) => {
            const Icon = kindOf(type).icon;
            return <button key={type} type="button" role="menuitem" className="menu-item" onClick={() => { commands.add(type); close(); }}><Icon size={15} aria-hidden />{typeText(type)}</button>;
          })}
        </Menu>
      </div>
      <div className="stage-body graph"><ReactFlowProvider><Graph workflow={workflow} commands={commands} /></ReactFlowProvider></div>
    </>
  );
}
