// How one step looks in the graph: a card, a note, or a container.
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import type { WorkflowNode } from 'codeforge-core';
import { memo } from 'react';
import { kindOf, nameOf, summaryOf, typeText } from './steps';

export interface StepContent extends Record<string, unknown> {
  readonly step: WorkflowNode;
  /** Ids of the outgoing and incoming handles that edges name; '' for the plain one. */
  readonly outs: readonly string[];
  readonly ins: readonly string[];
}

export type StepNode = Node<StepContent, 'step' | 'note' | 'container'>;

const plainNames: ReadonlySet<string> = new Set(['', 'source', 'target']);

function Handles({ ids, side }: { ids: readonly string[]; side: 'source' | 'target' }) {
  return ids.map((id, index) => (
    <Handle key={id} type={side} {...(id ? { id } : {})} position={side === 'source' ? Position.Right : Position.Left} style={{ top: `${((index + 1) / (ids.length + 1)) * 100}%` }}
      aria-label={side === 'source' ? `From here${plainNames.has(id) ? '' : `: ${id}`}` : 'To here'} />
  ));
}

export const StepCard = memo(function StepCard({ data: { step, outs, ins } }: NodeProps<StepNode>) {
  const { tone, icon: Icon } = kindOf(step.type);
  const summary = summaryOf(step);
  return (
    <div className="step" style={{ '--tone': `var(--${tone === 'faint' ? 'text-faint' : tone})` } as React.CSSProperties} data-testid="step">
      <Handles ids={ins} side="target" />
      <div className="step-head">
        <span className="step-icon"><Icon size={15} aria-hidden /></span>
        <span className="step-titles"><strong className="truncate">{nameOf(step)}</strong><small className="truncate">{typeText(step.type)}</small></span>
      </div>
      {summary && <p>{summary}</p>}
      <Handles ids={outs} side="source" />
    </div>
  );
});

export const NoteCard = memo(function NoteCard({ data: { step } }: NodeProps<StepNode>) {
  return <div className="note">{summaryOf(step) || nameOf(step)}</div>;
});

export const ContainerCard = memo(function ContainerCard({ data: { step, outs, ins } }: NodeProps<StepNode>) {
  const { icon: Icon } = kindOf(step.type);
  return (
    <div className="container-card">
      <Handles ids={ins} side="target" />
      <span><Icon size={14} aria-hidden />{nameOf(step)}</span>
      <Handles ids={outs} side="source" />
    </div>
  );
});
