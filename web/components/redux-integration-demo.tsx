// The hooks of codeforge-core/react at work: files and trees of the store, this device, the server.
import { useState, type ReactElement } from 'react';
import type { ComponentTree, FileItem } from 'codeforge-core';
import { useCoreSelector, useCoreStatus, useReduxComponentTrees, useReduxFiles, useReduxSync } from 'codeforge-core/react';
import { useConfirm } from './confirm.js';
import { bytesText, countText } from './format.js';
import { OperationButton, Outcome } from './operation-button.js';
import { Badge, Button, Card, Empty, Facts, TimeAgo, type Tone } from './parts.js';
import { messageOf, useOperation } from './use-operation.js';

const kStates: Readonly<Record<'idle' | 'syncing' | 'success' | 'error', readonly [text: string, tone: Tone]>> = {
  idle: ['Idle', 'plain'], syncing: ['Syncing…', 'busy'], success: ['Success', 'good'], error: ['Error', 'bad'],
};

/** A thunk's outcome never rejects; an operation tells it as success or failure. */
async function outcome(promise: Promise<{ type: string; error?: { message?: string } | undefined }>, text: string): Promise<string> {
  const { type, error } = await promise;
  if (type.endsWith('/rejected')) throw new Error(error?.message ?? 'It did not work');
  return text;
}

function testFile(): FileItem {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  const id = `file-${random!.toString(36)}`;
  return { id, name: `${id}.js`, path: `/src/${id}.js`, language: 'javascript', content: '// Hello from Redux\nconsole.log("hello");\n', updatedAt: Date.now() };
}

function DeviceCard(): ReactElement {
  const { files, save } = useReduxFiles();
  const { trees } = useReduxComponentTrees();
  const [creating, create] = useOperation(() => outcome(save(testFile()), 'Created, and on this device'));
  return (
    <Card title="This device" icon="database">
      <Facts rows={[['Files', files.length.toLocaleString('en')], ['Component trees', trees.length.toLocaleString('en')]]} />
      <OperationButton icon="file" label="Create a test file" operation={creating} onStart={create} />
    </Card>
  );
}

function FlaskCard(): ReactElement {
  const { flaskConnected, flaskStats, checkConnection } = useReduxSync();
  const { sync } = useCoreStatus();
  const [checking, check] = useOperation(() => outcome(checkConnection(), 'The server answers'));
  return (
    <Card title="Flask API" icon="cloud" aside={<Badge tone={flaskConnected ? 'good' : 'bad'}>{flaskConnected ? 'Connected' : 'Disconnected'}</Badge>}>
      <Facts rows={[['Total keys', flaskStats ? flaskStats.totalKeys.toLocaleString('en') : '–'], ['Storage size', flaskStats ? bytesText(flaskStats.totalSizeBytes) : '–']]} />
      <OperationButton icon="plug" label="Check connection" operation={checking} onStart={check} disabled={sync.phase === 'disabled'} />
    </Card>
  );
}

function SyncCard(): ReactElement {
  const isAutomatic = useCoreSelector((root) => root.settings.settings.autoSync);
  const { status, lastSyncedAt, flaskConnected, syncToFlask, syncFromFlask, checkConnection } = useReduxSync();
  const [text, tone] = kStates[status];
  const [pushing, push] = useOperation(async () => {
    const text = await outcome(syncToFlask(), 'The server has everything');
    await checkConnection();
    return text;
  });
  const [pulling, pull] = useOperation(() => outcome(syncFromFlask(), 'This device has everything'));
  const isBlocked = !flaskConnected || status === 'syncing';
  return (
    <Card title="Sync" icon="refresh" aside={<Badge tone={tone}>{text}</Badge>}>
      <Facts rows={[['Auto-sync', isAutomatic ? 'Enabled' : 'Disabled'], ['Last sync', <TimeAgo time={lastSyncedAt} />]]} />
      <div className="cf-pair">
        <OperationButton icon="upload" label="Push" operation={pushing} onStart={push} disabled={isBlocked} />
        <OperationButton icon="download" label="Pull" operation={pulling} onStart={pull} disabled={isBlocked} />
      </div>
    </Card>
  );
}

/** The demonstration lists this many; an editor has lists of its own. */
const kRowsShown = 50;

function Rows<Item extends { id: string; name: string; updatedAt: number }>({ items, detail, onRemove, noun }: { items: readonly Item[]; detail: (item: Item) => string; onRemove?: (item: Item) => void; noun: string }): ReactElement {
  return (
    <ul className="cf-rows">
      {items.slice(0, kRowsShown).map((item) => (
        <li key={item.id}>
          <span><strong>{item.name}</strong><small>changed <TimeAgo time={item.updatedAt} /></small></span>
          <Badge>{detail(item)}</Badge>
          {onRemove && <Button icon="trash" kind="quiet" aria-label={`Delete ${item.name}`} onClick={() => onRemove(item)} />}
        </li>
      ))}
      {items.length > kRowsShown && <li className="cf-faint">and {countText(items.length - kRowsShown, noun)} more</li>}
    </ul>
  );
}

function FilesCard(): ReactElement {
  const { files, remove } = useReduxFiles();
  const [problem, setProblem] = useState('');
  const drop = (file: FileItem): void => void remove(file.id).then(() => setProblem(''), (error: unknown) => setProblem(messageOf(error)));
  return (
    <Card title="Files in the store" icon="file" aside={<Badge>{files.length}</Badge>}>
      {files.length === 0 ? <Empty icon="file" title="No files yet">Create a test file to see one appear here.</Empty> : <Rows items={files} noun="file" detail={({ language }) => language} onRemove={drop} />}
      {problem && <p className="cf-field-problem" role="alert">{problem}</p>}
    </Card>
  );
}

function TreesCard(): ReactElement {
  const { trees } = useReduxComponentTrees();
  return (
    <Card title="Component trees in the store" icon="tree" aside={<Badge>{trees.length}</Badge>}>
      {trees.length === 0 ? <Empty icon="tree" title="No trees yet" /> : <Rows items={trees} noun="tree" detail={(tree: ComponentTree) => tree.root.type} />}
    </Card>
  );
}

function DangerCard(): ReactElement {
  const { flaskConnected, flaskStats, clearFlaskData, checkConnection } = useReduxSync();
  const [dialog, ask] = useConfirm();
  const [clearing, clear] = useOperation(async () => {
    await outcome(clearFlaskData(), '');
    return outcome(checkConnection(), 'The server is empty');
  });
  const start = async (): Promise<void> => {
    const what = flaskStats ? countText(flaskStats.totalKeys, 'key') : 'All keys';
    if (await ask({ title: 'Clear the Flask storage?', text: <p>{what} will be gone for every device. This device keeps its own.</p>, confirm: 'Clear it', danger: true })) clear();
  };
  return (
    <Card title="Danger zone" icon="alert" tone="bad" className="cf-wide">
      <div className="cf-row">
        <Button icon="trash" kind="danger" disabled={!flaskConnected} isBusy={clearing.phase === 'running'} onClick={() => void start()}>Clear Flask storage…</Button>
        <Outcome operation={clearing} />
      </div>
      {dialog}
    </Card>
  );
}

export interface ReduxIntegrationDemoProps {
  className?: string;
}

/**
 * A page that shows the Redux hooks working: create and delete files, push, pull, and empty the server.
 *
 * @example
 * <ReduxIntegrationDemo />
 */
export function ReduxIntegrationDemo({ className = '' }: ReduxIntegrationDemoProps): ReactElement {
  return (
    <div className={`cf cf-page ${className}`}>
      <header className="cf-page-head"><div><h2>Redux integration</h2><p>The store, this device and the Flask API, through the hooks of codeforge-core/react.</p></div></header>
      <div className="cf-grid">
        <DeviceCard />
        <FlaskCard />
        <SyncCard />
      </div>
      <div className="cf-columns">
        <FilesCard />
        <TreesCard />
      </div>
      <DangerCard />
    </div>
  );
}
