// All conflicts: a row each, opened to its detail, with a choice for one or for all of a kind.
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import type { ConflictItem, RootState } from 'codeforge-core';
import { useCore, useCoreSelector, useCoreStatus } from 'codeforge-core/react';
import { ConflictDetail } from './conflict-detail.js';
import { useConfirm } from './confirm.js';
import { countText } from './format.js';
import { Icon } from './icon.js';
import { selectConflicts } from './indicators.js';
import { Outcome } from './operation-button.js';
import { Badge, Button, Empty, moveFocus, TimeAgo } from './parts.js';
import { conflictName } from './save-state.js';
import { pullText } from './sync-texts.js';
import { useToasts } from './toasts.js';
import { useConflict, useResolveAll } from './use-conflict.js';
import { useOperation } from './use-operation.js';

const kTypeNames: Readonly<Record<string, string>> = {
  project: 'Project', files: 'File', models: 'Model', components: 'Component', componentTrees: 'Tree', workflows: 'Workflow', lambdas: 'Lambda', theme: 'Theme',
};
const typeName = (type: string): string => kTypeNames[type] ?? type;

function whoChanged({ local, remote, fields }: NonNullable<ReturnType<typeof useConflict>>): string {
  if (local === null) return 'deleted here';
  if (remote === null) return 'deleted on the server';
  const both = fields.filter(({ changedBy }) => changedBy === 'both').length;
  return `${countText(fields.length, 'field differs', 'fields differ')}, ${both === 0 ? 'none' : both} changed on both sides`;
}

function ConflictRow({ id, isOpen, onToggle }: { id: string; isOpen: boolean; onToggle: () => void }): ReactElement | null {
  const open = useConflict(id);
  const panel = useId();
  if (!open) return null;
  const { conflict } = open;
  const newer = conflict.localTimestamp === conflict.remoteTimestamp ? null : conflict.localTimestamp > conflict.remoteTimestamp ? 'newer here' : 'newer on the server';
  return (
    <li className="cf-conflict" data-id={id}>
      <button type="button" className="cf-conflict-row" aria-expanded={isOpen} aria-controls={panel} onClick={onToggle}>
        <Icon name="chevron" size={14} />
        <span className="cf-conflict-name"><strong>{conflictName(conflict)}</strong><small>{whoChanged(open)}</small></span>
        <Badge>{typeName(conflict.entityType)}</Badge>
        {newer && <span className="cf-faint cf-newer">{newer}</span>}
        <span className="cf-faint cf-found">found <TimeAgo time={conflict.conflictDetectedAt} /></span>
      </button>
      <div id={panel} hidden={!isOpen}>{isOpen && <ConflictDetail id={id} />}</div>
    </li>
  );
}

const selectAutoResolve = (state: RootState) => state.conflicts.autoResolveStrategy;
const kAutomatic = [['', 'Ask me'], ['local', 'Keep local'], ['remote', 'Keep remote'], ['merge', 'Merge']] as const;

function AutoResolve(): ReactElement {
  const core = useCore();
  const strategy = useCoreSelector(selectAutoResolve);
  return (
    <label className="cf-field">
      <span>New conflicts</span>
      <select value={strategy ?? ''} onChange={(event) => void core.dispatch({ type: 'conflicts/setAutoResolveStrategy', payload: (event.target.value || null) as typeof strategy })}>
        {kAutomatic.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    </label>
  );
}

function Filter({ conflicts, type, onType }: { conflicts: readonly ConflictItem[]; type: string | null; onType: (type: string | null) => void }): ReactElement | null {
  const counts = new Map<string, number>();
  for (const { entityType } of conflicts) counts.set(entityType, (counts.get(entityType) ?? 0) + 1);
  if (counts.size < 2) return null;
  return (
    <div className="cf-segments" role="group" aria-label="Show">
      <button type="button" aria-pressed={type === null} onClick={() => onType(null)}>All <span>{conflicts.length}</span></button>
      {[...counts].map(([name, count]) => <button key={name} type="button" aria-pressed={type === name} onClick={() => onType(name)}>{typeName(name)}s <span>{count}</span></button>)}
    </div>
  );
}

const kBulk = [['local', 'Keep all local', 'Every one takes the version of this device. What the server has of them is replaced.'], ['remote', 'Keep all remote', 'Every one takes the version of the server. Your edits of them are replaced.'], ['merge', 'Merge all', 'Each field is taken from the side that changed it; where both did, from this device.']] as const;

function Bulk({ conflicts }: { conflicts: readonly ConflictItem[] }): ReactElement {
  const [dialog, ask] = useConfirm();
  const resolveAll = useResolveAll();
  const start = async (strategy: 'local' | 'remote' | 'merge', label: string, text: string): Promise<void> => {
    if (await ask({ title: `${label}: ${countText(conflicts.length, 'conflict')}?`, text, confirm: label })) resolveAll(conflicts, strategy);
  };
  return (
    <div className="cf-row">
      {kBulk.map(([strategy, label, text]) => <Button key={strategy} onClick={() => void start(strategy, label, text)}>{label}</Button>)}
      {dialog}
    </div>
  );
}

/** More rows than this are shown on demand, so that a page of thousands still draws at once. */
const kRowsShown = 100;

export interface ConflictListProps {
  /** The conflict that is open at first; with one conflict only, that one is. */
  openId?: string;
  className?: string;
}

/**
 * All conflicts, with their details, the choice for each and for all, and what happens to new ones.
 * Arrow keys go from row to row, Enter opens.
 *
 * @example
 * <ConflictList openId="files:file-1" />
 */
export function ConflictList({ openId, className = '' }: ConflictListProps): ReactElement {
  const core = useCore();
  const { sync } = useCoreStatus();
  const conflicts = useCoreSelector(selectConflicts);
  const [type, setType] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(openId ?? null);
  const [limit, setLimit] = useState(kRowsShown);
  const heading = useRef<HTMLHeadingElement>(null);
  const toasts = useToasts();
  useEffect(() => toasts?.mute('conflicts'), [toasts]);
  const [detecting, detect] = useOperation(async () => pullText(await core.sync.pull()));
  const shown = type === null ? conflicts : conflicts.filter(({ entityType }) => entityType === type);
  const isGone = opened !== null && !conflicts.some(({ id }) => id === opened);
  const current = conflicts.length === 1 && (opened === null || isGone) ? conflicts[0]!.id : opened;
  useEffect(() => {
    // The row that had the focus is gone: the next thing to read is the list's head.
    if (!isGone) return;
    setOpened(null);
    if (document.activeElement === document.body) heading.current?.focus();
  }, [isGone]);
  useEffect(() => { if (type !== null && shown.length === 0) setType(null); }, [type, shown.length]);
  return (
    <div className={`cf cf-page cf-conflicts ${className}`}>
      <header className="cf-page-head">
        <div>
          <h2 ref={heading} tabIndex={-1}>Conflicts {conflicts.length > 0 && <Badge tone="warn">{conflicts.length}</Badge>}</h2>
          <p>What was changed here and on the server. Both versions are kept until you choose.</p>
        </div>
        <div className="cf-row">
          <AutoResolve />
          {sync.phase !== 'disabled' && <Button icon="refresh" isBusy={detecting.phase === 'running'} onClick={detect}>Compare with the server</Button>}
        </div>
      </header>
      <Outcome operation={detecting} />
      {conflicts.length === 0 ? <Empty icon="shield" title="No conflicts">When something is changed here and on the server, it waits here for your choice.</Empty> : (
        <>
          {conflicts.length > 1 && <div className="cf-row cf-between"><Filter conflicts={conflicts} type={type} onType={setType} />{shown.length > 1 && <Bulk conflicts={shown} />}</div>}
          <ul className="cf-conflict-list" onKeyDown={(event) => { if ((event.target as HTMLElement).matches('.cf-conflict-row')) moveFocus(event, '.cf-conflict-row'); }}>
            {shown.slice(0, limit).map(({ id }) => <ConflictRow key={id} id={id} isOpen={id === current} onToggle={() => setOpened(id === current && conflicts.length > 1 ? null : id)} />)}
          </ul>
          {shown.length > limit && <Button onClick={() => setLimit(limit + kRowsShown)}>Show more ({shown.length - limit} left)</Button>}
        </>
      )}
    </div>
  );
}
