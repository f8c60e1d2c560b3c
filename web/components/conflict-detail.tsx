// One conflict: both versions side by side, field by field, with a choice for each.
import { useId, useMemo, useState, type ReactElement } from 'react';
import type { ConflictItem } from 'codeforge-core';
import { presetChoices, resolutionOf, valueText, type Choices, type ConflictField, type FieldChoice, type Side } from './conflict-fields.js';
import { countText } from './format.js';
import { Icon } from './icon.js';
import { compareLines, withContext, type Line } from './line-diff.js';
import { Badge, Button, Empty, Notice, TimeAgo } from './parts.js';
import { messageOf } from './use-operation.js';
import { useConflict, useResolve, type OpenConflict } from './use-conflict.js';

const kSides: readonly { readonly side: Side; readonly name: string; readonly icon: 'device' | 'cloud' }[] = [
  { side: 'local', name: 'This device', icon: 'device' }, { side: 'remote', name: 'Server', icon: 'cloud' },
];

const kChangedBy = { both: 'Changed on both sides', local: 'Changed here', remote: 'Changed on the server' } as const;

function Lines({ lines, isAbsent }: { lines: readonly Line[]; isAbsent: boolean }): ReactElement {
  if (isAbsent) return <p className="cf-absent">not there</p>;
  return (
    <pre className="cf-lines">
      {withContext(lines).map((line, index) => ('skipped' in line
        ? <span key={index} className="cf-skipped">{line.skipped === 1 ? '1 line the same' : `${line.skipped} lines the same`}</span>
        : <span key={index} className={line.isOnly ? 'cf-only' : ''}>{line.text || ' '}</span>))}
    </pre>
  );
}

/** Text in, value out: JSON unless both sides are texts. Throws SyntaxError when it is not JSON. */
const isText = ({ local, remote }: ConflictField): boolean => (typeof local === 'string' || local === undefined) && (typeof remote === 'string' || remote === undefined);

interface FieldRowProps {
  field: ConflictField;
  choice: FieldChoice;
  onChoose: (choice: FieldChoice) => void;
  /** A text that is not JSON; the choice stays as it was. */
  onInvalid: (isInvalid: boolean) => void;
}

function OwnValue({ field, choice, onChoose, onInvalid }: FieldRowProps): ReactElement {
  const [text, setText] = useState(() => valueText(typeof choice === 'string' ? field[choice] : choice.value));
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const take = (next: string): void => {
    setText(next);
    try {
      onChoose({ value: isText(field) ? next : JSON.parse(next) });
      setProblem(null);
      onInvalid(false);
    } catch (error) {
      setProblem(messageOf(error));
      onInvalid(true);
    }
  };
  return (
    <div className="cf-own">
      <label htmlFor={id}>Your own value</label>
      <textarea id={id} rows={Math.min(12, Math.max(2, text.split('\n').length))} spellCheck={false} value={text} aria-invalid={problem !== null} aria-describedby={problem ? `${id}-problem` : undefined} onChange={(event) => take(event.target.value)} />
      {problem && <p id={`${id}-problem`} className="cf-field-problem" role="alert">Not valid JSON: {problem}</p>}
    </div>
  );
}

function FieldRow({ field, choice, onChoose, onInvalid }: FieldRowProps): ReactElement {
  const name = useId();
  const lines = useMemo(() => compareLines(valueText(field.local), valueText(field.remote)), [field]);
  const isOwn = typeof choice !== 'string';
  return (
    <fieldset className="cf-conflict-field">
      <legend><code>{field.path.join(' › ')}</code><Badge tone={field.changedBy === 'both' ? 'warn' : 'plain'}>{kChangedBy[field.changedBy]}</Badge></legend>
      <div className="cf-sides">
        {kSides.map(({ side, name: sideName }) => (
          <label key={side} className="cf-side" data-side={side}>
            <span className="cf-side-choice">
              <input type="radio" name={name} checked={choice === side} onChange={() => { onInvalid(false); onChoose(side); }} />
              {sideName}
            </span>
            <Lines lines={lines[side]} isAbsent={field[side] === undefined} />
          </label>
        ))}
      </div>
      <label className="cf-side-choice cf-own-choice">
        <input type="radio" name={name} checked={isOwn} onChange={() => onChoose({ value: field[choice as Side] ?? field.local ?? field.remote })} />
        Write it myself
      </label>
      {isOwn ? <OwnValue field={field} choice={choice} onChoose={onChoose} onInvalid={onInvalid} /> : null}
    </fieldset>
  );
}

/** One side deleted the item: it is kept or it goes, as a whole. */
function DeletionChoice({ open: { conflict, local } }: { open: OpenConflict }): ReactElement {
  const resolve = useResolve();
  const isDeletedHere = local === null;
  return (
    <div className="cf-stack">
      <Notice tone="warn" title={isDeletedHere ? 'Deleted here, changed on the server' : 'Changed here, deleted on the server'}>
        <p>Keep the item, or let the deletion stand.</p>
      </Notice>
      <pre className="cf-lines">{valueText(local ?? conflict.remoteVersion)}</pre>
      <div className="cf-row cf-end">
        <Button icon="trash" kind="danger" onClick={() => resolve(conflict, { strategy: isDeletedHere ? 'local' : 'remote' })}>Delete it</Button>
        <Button icon="check" kind="primary" onClick={() => resolve(conflict, { strategy: isDeletedHere ? 'remote' : 'local' })}>Keep it</Button>
      </div>
    </div>
  );
}

function choiceText(fields: readonly ConflictField[], choices: Choices): string {
  const count = (wanted: (choice: FieldChoice) => boolean): number => fields.filter(({ key }) => wanted(choices[key]!)).length;
  const parts = ([[count((choice) => choice === 'local'), 'from this device'], [count((choice) => choice === 'remote'), 'from the server'], [count((choice) => typeof choice !== 'string'), 'by hand']] as const)
    .filter(([number]) => number > 0).map(([number, where]) => `${countText(number, 'field')} ${where}`);
  return parts.join(', ');
}

function SideHeads({ conflict }: { conflict: ConflictItem }): ReactElement {
  return (
    <div className="cf-side-heads">
      {kSides.map(({ side, name, icon }) => (
        <div key={side}><Icon name={icon} /><strong>{name}</strong><span className="cf-faint"><TimeAgo time={side === 'local' ? conflict.localTimestamp : conflict.remoteTimestamp} /></span></div>
      ))}
    </div>
  );
}

const kPresets = [['local', 'Keep local'], ['remote', 'Keep remote'], ['merge', 'Merge']] as const;

function FieldChoices({ open: { conflict, local, fields } }: { open: OpenConflict }): ReactElement {
  const resolve = useResolve();
  const [choices, setChoices] = useState<Choices>(() => presetChoices(fields, 'merge'));
  const [round, setRound] = useState(0);
  const [invalid, setInvalid] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<string | null>(null);
  // Fields appear when the item is edited on meanwhile; they begin as the merge has them.
  const all: Choices = { ...presetChoices(fields, 'merge'), ...choices };
  const preset = (name: Side | 'merge'): void => {
    setChoices(presetChoices(fields, name));
    setInvalid(new Set());
    setRound(round + 1);
  };
  const isPreset = (name: Side | 'merge'): boolean => Object.entries(presetChoices(fields, name)).every(([key, side]) => all[key] === side);
  const apply = (): void => {
    try {
      resolve(conflict, resolutionOf(local!, fields, all));
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <>
      <div className="cf-segments" role="group" aria-label="Choose for all fields">
        {kPresets.map(([name, label]) => <button key={name} type="button" aria-pressed={isPreset(name)} onClick={() => preset(name)}>{label}</button>)}
      </div>
      <SideHeads conflict={conflict} />
      {fields.map((field) => (
        <FieldRow key={`${field.key}/${round}`} field={field} choice={all[field.key]!}
          onChoose={(choice) => setChoices((before) => ({ ...before, [field.key]: choice }))}
          onInvalid={(isInvalid) => setInvalid((before) => {
            const after = new Set(before);
            if (isInvalid) after.add(field.key);
            else after.delete(field.key);
            return after;
          })} />
      ))}
      {problem && <Notice tone="bad" title="The choice was not taken" isAlert><p>{problem}</p></Notice>}
      <div className="cf-conflict-foot">
        <p role="status">{choiceText(fields, all)}</p>
        <Button icon="check" kind="primary" disabled={invalid.size > 0} onClick={apply}>Apply</Button>
      </div>
    </>
  );
}

export interface ConflictDetailProps {
  /** Of the conflict: `files:file-1`. */
  id: string;
  className?: string;
}

/**
 * Both versions of one conflict side by side, field by field. The user takes a side for each field or writes a value;
 * the buttons above choose for all. The outcome is an ordinary edit: it is pushed, and can be undone.
 *
 * @example
 * <ConflictDetail id="files:file-1" />
 */
export function ConflictDetail({ id, className = '' }: ConflictDetailProps): ReactElement {
  const open = useConflict(id);
  const resolve = useResolve();
  if (!open) return <div className={`cf ${className}`}><Empty icon="shield" title="This conflict is resolved" /></div>;
  const { conflict, local, remote, fields } = open;
  return (
    <div className={`cf cf-conflict-detail ${className}`}>
      {local === null || remote === null ? <DeletionChoice open={open} />
        : fields.length > 0 ? <FieldChoices open={open} />
          : (
            <Notice tone="good" title="Both versions have the same content now" actions={<Button icon="check" onClick={() => resolve(conflict, { strategy: 'local' })}>Done</Button>} />
          )}
    </div>
  );
}

