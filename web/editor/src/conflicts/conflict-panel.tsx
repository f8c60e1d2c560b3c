// What was changed here and elsewhere: both versions side by side, and the choice.
import type { ConflictItem } from 'codeforge-core';
import { useCore, useCoreSelector } from 'codeforge-core/react';
import { Cloud, GitMerge, Laptop, ShieldCheck, TriangleAlert } from 'lucide-react';
import { conflictName, selectConflicts } from '../status-text';
import { timeAgo } from '../time';
import { showToast } from '../toasts';
import { Empty } from '../ui';
import { isObject, valueText } from '../value-text';
import { compareLines, withContext, type Line } from './line-diff';

type Version = Readonly<Record<string, unknown>> | null;
type Strategy = 'local' | 'remote' | 'merge';

/** Members of bookkeeping differ always and say nothing. */
const hidden: ReadonlySet<string> = new Set(['id', 'updatedAt', 'createdAt']);

/** A server may order members in its own way; that is no difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  return isObject(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;
}

const memberText = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(sorted(value), null, 2) : valueText(value));

interface Difference {
  readonly key: string;
  readonly local: Line[];
  readonly remote: Line[];
}

function differences(local: Version, remote: Version): Difference[] {
  const keys = new Set([...Object.keys(local ?? {}), ...Object.keys(remote ?? {})]);
  return [...keys].filter((key) => !hidden.has(key)).flatMap((key) => {
    const [one, other] = [memberText(local?.[key]), memberText(remote?.[key])];
    return one === other ? [] : [{ key, ...compareLines(one, other) }];
  });
}

function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <pre className="lines">
      {withContext(lines).map((line, index) => ('skipped' in line
        ? <span key={index} className="skipped">{line.skipped} {line.skipped === 1 ? 'line' : 'lines'} the same</span>
        : <span key={index} className={line.isOnly ? 'only' : ''}>{line.text}</span>))}
    </pre>
  );
}

function Side({ side, version, time, parts }: { side: 'local' | 'remote'; version: Version; time: number; parts: readonly Difference[] }) {
  const Icon = side === 'local' ? Laptop : Cloud;
  return (
    <section className={`conflict-side side-${side}`} data-testid={`conflict-${side}`}>
      <h3><Icon size={15} aria-hidden />{side === 'local' ? 'This device' : 'Server'}<small>{timeAgo(time)}</small></h3>
      {version === null ? <p className="faint">Deleted here.</p> : parts.map((part) => (
        <div key={part.key} className="difference"><span className="mono">{part.key}</span><Lines lines={part[side]} /></div>
      ))}
      {version !== null && parts.length === 0 && <p className="faint">Both versions have the same content.</p>}
    </section>
  );
}

const actions: readonly { readonly strategy: Strategy; readonly label: string; readonly icon: typeof Laptop; readonly done: string }[] = [
  { strategy: 'local', label: 'Keep local', icon: Laptop, done: 'Kept the version of this device' },
  { strategy: 'remote', label: 'Keep remote', icon: Cloud, done: 'Took the version of the server' },
  { strategy: 'merge', label: 'Merge', icon: GitMerge, done: 'Merged both versions' },
];

function Conflict({ conflict }: { conflict: ConflictItem }) {
  const core = useCore();
  const { id, localVersion, remoteVersion } = conflict;
  const parts = differences(localVersion, remoteVersion);
  const resolve = (strategy: Strategy, done: string): void => {
    if (!core.dispatch({ type: 'conflicts/resolveConflict', payload: { conflictId: id, strategy } }).error) showToast({ tone: 'good', text: done, detail: conflictName(conflict) });
  };
  return (
    <article className="conflict" data-testid="conflict" data-tone="conflict">
      <header className="conflict-head">
        <TriangleAlert size={16} aria-hidden style={{ color: 'var(--tone)' }} />
        <h2 className="truncate">{conflictName(conflict)}</h2>
        <span className="badge">{conflict.entityType}</span>
        <span className="faint">found {timeAgo(conflict.conflictDetectedAt)}</span>
      </header>
      <div className="conflict-sides">
        <Side side="local" version={localVersion} time={conflict.localTimestamp} parts={parts} />
        <Side side="remote" version={remoteVersion} time={conflict.remoteTimestamp} parts={parts} />
      </div>
      <footer className="conflict-actions">
        {actions.map(({ strategy, label, icon: Icon, done }) => (
          <button key={strategy} type="button" className="button" data-testid={`resolve-${strategy}`} disabled={strategy === 'merge' && (!localVersion || !remoteVersion)} onClick={() => resolve(strategy, done)}>
            <Icon size={14} aria-hidden />{label}
          </button>
        ))}
      </footer>
    </article>
  );
}

export function ConflictPanel() {
  const conflicts = useCoreSelector(selectConflicts);
  return (
    <>
      <div className="stage-head"><TriangleAlert size={15} aria-hidden className="faint" /><h1>Conflicts</h1><span className="count">{conflicts.length}</span></div>
      <div className="stage-body">
        {conflicts.length === 0 ? <Empty icon={ShieldCheck} title="No conflicts" text="When something was changed here and on the server, both versions wait here for your choice." /> : (
          <div className="stage-pad conflicts">{conflicts.map((conflict) => <Conflict key={conflict.id} conflict={conflict} />)}</div>
        )}
      </div>
    </>
  );
}
