// Everything as a file, and files in: added to what is here, or instead of it.
import { useId, useRef, useState, type DragEvent, type ReactElement } from 'react';
import type { ImportAllReport } from 'codeforge-core';
import { useCore } from 'codeforge-core/react';
import { useConfirm } from './confirm.js';
import { downloadExport, importFile } from './download.js';
import { bytesText, countText } from './format.js';
import { OperationButton, Outcome } from './operation-button.js';
import { Button, Card, Notice } from './parts.js';
import { titleOf } from './storage-cards.js';
import { messageOf, useOperation } from './use-operation.js';

const totalOf = (counts: Readonly<Partial<Record<string, number>>>): number => Object.values(counts).reduce<number>((sum, count = 0) => sum + count, 0);

function contentText(counts: ImportAllReport['counts']): string {
  return Object.entries(counts).map(([name, count]) => `${count} ${titleOf(name).toLowerCase()}`).join(', ') || 'nothing new';
}

/** What an import did, for people. */
export function importText({ counts, kept, removed, undoable }: ImportAllReport): string {
  const gone = totalOf(removed);
  return [
    contentText(counts), gone > 0 && `${gone} removed`, kept.length > 0 && `${countText(kept.length, 'other part')} kept with the project`, undoable && 'Undo takes it back',
  ].filter(Boolean).join('; ');
}

const kModes = [['merge', 'Add'], ['replace', 'Replace']] as const;
const kNotes = {
  merge: 'Projects, exports, workflows and trees as JSON, packed or not; items of the same id are replaced.',
  replace: 'What a file does not have is removed here, from the parts that it is about. A backup is made first.',
} as const;

export function FileCard(): ReactElement {
  const core = useCore();
  const input = useRef<HTMLInputElement>(null);
  const inputId = useId();
  const files = useRef<File[]>([]);
  const [mode, setMode] = useState<'merge' | 'replace'>('merge');
  const [isOver, setOver] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [dialog, ask] = useConfirm();
  const [exporting, exportAll] = useOperation(async () => {
    const { name, bytes } = await downloadExport(core);
    return `${name}, ${bytesText(bytes)}`;
  });
  const isWanted = async (file: File): Promise<boolean> => {
    if (mode === 'merge') return true;
    const { counts } = await importFile(core, file, { mode, dryRun: true });
    return ask({ title: `Replace with ${file.name}?`, text: <p>It has {contentText(counts)}. They take the place of what is here. A backup of that is made first, and Undo brings it back.</p>, confirm: 'Replace', danger: true });
  };
  const [importing, importAll] = useOperation(async () => {
    const texts: string[] = [];
    const left: string[] = [];
    for (const file of files.current) {
      try {
        if (!(await isWanted(file))) continue;
        const report = await importFile(core, file, { mode });
        texts.push(`${file.name}: ${importText(report)}`);
        left.push(...report.problems.map((problem) => `${file.name}: ${problem}`));
      } catch (error) {
        left.push(`${file.name}: ${messageOf(error)}`);
      }
    }
    setProblems(left);
    if (texts.length === 0 && left.length > 0) throw new Error('Nothing was imported');
    return texts.join('. ') || 'Nothing was changed';
  });
  const take = (list: Iterable<File>): void => {
    files.current = [...list];
    if (files.current.length > 0) importAll();
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <Card title="Export and import" icon="file">
      <OperationButton icon="download" label="Export everything" note="One JSON file with all that is listed under Contents." operation={exporting} onStart={exportAll} />
      <div className="cf-drop" data-over={isOver || undefined} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <input ref={input} id={inputId} type="file" accept=".json,.gz,application/json,application/gzip" multiple hidden
          onChange={(event) => { take(event.target.files ?? []); event.target.value = ''; }} />
        <div className="cf-row">
          <Button icon="upload" isBusy={importing.phase === 'running'} onClick={() => input.current?.click()}>Import files…</Button>
          <div className="cf-segments" role="group" aria-label="What an import does">
            {kModes.map(([value, label]) => <button key={value} type="button" aria-pressed={mode === value} onClick={() => setMode(value)}>{label}</button>)}
          </div>
        </div>
        <p>or drop them here. {kNotes[mode]}</p>
      </div>
      <Outcome operation={importing} />
      {problems.length > 0 && <Notice tone="warn" title="Not everything was taken" isAlert><ul>{problems.slice(0, 10).map((problem, index) => <li key={index}>{problem}</li>)}{problems.length > 10 && <li>and {problems.length - 10} more</li>}</ul></Notice>}
      {dialog}
    </Card>
  );
}
