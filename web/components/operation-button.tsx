// A button for something that takes its time, with its progress and its outcome below it.
import type { ReactElement } from 'react';
import type { IconName } from './icon.js';
import { Icon } from './icon.js';
import { Button, Progress, type ButtonProps } from './parts.js';
import type { Operation } from './use-operation.js';

export interface OperationButtonProps {
  icon: IconName;
  label: string;
  /** What it does, in one line. */
  note?: string;
  operation: Operation;
  onStart: () => void;
  disabled?: boolean;
  kind?: ButtonProps['kind'];
  /** Known progress; without it the bar only moves. */
  done?: number | undefined;
  total?: number | undefined;
}

/** The outcome of an operation, read out when it comes. */
export function Outcome({ operation }: { operation: Operation }): ReactElement {
  const isOver = operation.phase === 'done' || operation.phase === 'failed';
  return (
    <div className="cf-outcome" role="status" data-tone={operation.phase === 'failed' ? 'bad' : 'good'}>
      {isOver && <><Icon name={operation.phase === 'failed' ? 'alert' : 'check'} size={14} /><span>{operation.text}</span></>}
    </div>
  );
}

export function OperationButton({ icon, label, note, operation, onStart, disabled = false, kind = 'plain', done, total }: OperationButtonProps): ReactElement {
  const isRunning = operation.phase === 'running';
  return (
    <div className="cf-operation">
      <Button icon={icon} kind={kind} isBusy={isRunning} disabled={disabled || isRunning} onClick={onStart}>{label}</Button>
      {note && <p>{note}</p>}
      {isRunning ? <Progress label={label} value={done} max={total} /> : <Outcome operation={operation} />}
    </div>
  );
}
