// The inspector of a workflow or of its chosen step.
import type { Workflow, WorkflowNode } from 'codeforge-core';
import { useCore, useItem } from 'codeforge-core/react';
import { Trash2 } from 'lucide-react';
import { useRoutePart } from '../navigation';
import { removeItem, updateItem } from '../store-hooks';
import { timeAgo } from '../time';
import { TextField } from '../ui';
import { PropRow } from '../trees/prop-row';
import { kindOf, nameOf, settingsOf, typeText, withName, withSetting } from './steps';

function LongOrShort({ name, value, onChange }: { name: string; value: unknown; onChange: (value: unknown) => void }) {
  if (typeof value === 'string' && (value.length > 40 || value.includes('\n'))) return <TextField label={name} multiline value={value} onChange={onChange} />;
  return <PropRow name={name} value={value} onChange={onChange} />;
}

function StepPanels({ node, change }: { node: WorkflowNode; change: (node: WorkflowNode) => void }) {
  const { tone } = kindOf(node.type);
  const settings = settingsOf(node);
  const setPosition = (axis: 'x' | 'y', value: unknown): void => {
    if (typeof value === 'number') change({ ...node, position: { ...node.position, [axis]: value } });
  };
  return (
    <>
      <section className="panel">
        <h2 className="panel-title">Step<span className="badge" style={{ '--tone': `var(--${tone === 'faint' ? 'text-faint' : tone})` } as React.CSSProperties}>{typeText(node.type)}</span></h2>
        <TextField label="Name" value={nameOf(node)} testId="step-name" onChange={(name) => change(withName(node, name))} />
        <TextField label="Type" mono value={node.type} onChange={(type) => change({ ...node, type })} />
        <div className="two">
          <TextField label="X" mono testId="step-x" value={String(Math.round(Number(node.position?.x) || 0))} onChange={(text) => setPosition('x', /^-?\d+$/.test(text) ? Number(text) : undefined)} />
          <TextField label="Y" mono value={String(Math.round(Number(node.position?.y) || 0))} onChange={(text) => setPosition('y', /^-?\d+$/.test(text) ? Number(text) : undefined)} />
        </div>
      </section>
      {settings.length > 0 && (
        <section className="panel">
          <h2 className="panel-title">Settings</h2>
          {settings.map((setting) => <LongOrShort key={setting.key} name={setting.key} value={setting.value} onChange={(value) => change(withSetting(node, setting, value))} />)}
        </section>
      )}
    </>
  );
}

export function WorkflowInspector({ id }: { id: string }) {
  const core = useCore();
  const workflow = useItem('workflows', id) as Workflow | undefined;
  const selected = useRoutePart((route) => route.node);
  if (!workflow) return null;
  const nodes = workflow.nodes ?? [];
  const node = nodes.find((candidate) => candidate.id === selected);
  const changeNode = (next: WorkflowNode): void => updateItem(core, 'workflows', id, { nodes: nodes.map((other) => (other.id === next.id ? next : other)) });
  return (
    <>
      {node && <StepPanels key={node.id} node={node} change={changeNode} />}
      <section className="panel">
        <h2 className="panel-title">Workflow</h2>
        <TextField label="Name" value={workflow.name} onChange={(name) => updateItem(core, 'workflows', id, { name })} />
        <TextField label="Description" multiline value={workflow.description ?? ''} onChange={(description) => updateItem(core, 'workflows', id, { description })} />
        <dl className="facts"><dt>Steps</dt><dd>{nodes.length}</dd><dt>Connections</dt><dd>{workflow.edges?.length ?? 0}</dd><dt>Changed</dt><dd>{timeAgo(workflow.updatedAt)}</dd><dt>Id</dt><dd className="mono" title={id}>{id}</dd></dl>
        {!node && <p className="faint">Choose a step to edit it. Drag between two cards to connect them; Delete removes what is chosen.</p>}
        <button type="button" className="button danger" onClick={() => removeItem(core, 'workflows', id, id)}><Trash2 size={14} aria-hidden />Delete workflow</button>
      </section>
    </>
  );
}
