// Projects in and out as JSON files: the picker, drag and drop, and the download.
import type { Core, ImportReport } from 'codeforge-core';
import { go, pane } from './navigation';
import { owning } from './project-items';
import { sections, type SectionName } from './sections';
import { showError, showToast } from './toasts';

const sectionNames: ReadonlySet<string> = new Set(sections.map((section) => section.name));

function summary(report: ImportReport): string {
  const parts = sections.flatMap(({ name, one }) => {
    const count = report.counts[name];
    return count ? [`${count} ${one}${count === 1 ? '' : 's'}`] : [];
  });
  const notes = [
    ...(report.kept.length > 0 ? [`${report.kept.length} other ${report.kept.length === 1 ? 'part' : 'parts'} kept with the project`] : []),
    ...(report.problems.length > 0 ? [`${report.problems.length} left out: ${report.problems.slice(0, 3).join('; ')}`] : []),
  ];
  return [parts.join(', ') || 'nothing new', ...notes].join('. ');
}

const titleOf = (fileName: string): string => {
  const stem = fileName.replace(/\.json$/i, '').replace(/[-_]+/g, ' ').trim();
  return stem.charAt(0).toUpperCase() + stem.slice(1);
};

/** Formats without a name of their own take the file's. */
function nameAfterFile(core: Core, report: ImportReport, fileName: string): void {
  const name = titleOf(fileName);
  const { currentProject } = core.getState().project;
  if (report.format === 'seed' && currentProject?.name === 'Imported project') {
    core.dispatch({ type: 'project/updateItem', payload: { id: currentProject.id, name } });
    core.dispatch({ type: 'project/updateProjectMetadata', payload: { name } });
  }
  const workflow = core.getState().workflows.workflows.at(-1);
  if (report.format === 'workflow' && workflow?.name === 'Imported workflow') core.dispatch({ type: 'workflows/updateItem', payload: { id: workflow.id, name } });
}

function showImported(core: Core, report: ImportReport): void {
  const first = sections.find(({ name }) => report.counts[name]);
  if (!first || !sectionNames.has(first.name)) return;
  const items = first.items(core.getState());
  go({ section: first.name as SectionName, id: items[items.length - report.counts[first.name]!]?.id ?? null });
  pane.set('edit');
}

export async function importFiles(core: Core, files: Iterable<File>): Promise<void> {
  const taken: string[] = [];
  for (const file of files) {
    try {
      const own = owning(core);
      const finish = (brought: ImportReport): void => {
        own();
        nameAfterFile(core, brought, file.name);
      };
      const report = await core.importAll(file, { finish });
      showImported(core, report);
      if (report.problems.length > 0) showToast({ tone: 'bad', text: `Imported ${file.name}, but not all of it`, detail: summary(report) });
      else taken.push(`${file.name}: ${summary(report)}`);
    } catch (error) {
      showError(`${file.name} could not be imported`, error);
    }
  }
  if (taken.length === 1) {
    const [name, detail] = taken[0]!.split(/: (.*)/s);
    showToast({ tone: 'good', text: `Imported ${name}`, ...(detail ? { detail } : {}) });
  } else if (taken.length > 1) showToast({ tone: 'good', text: `Imported ${taken.length} files`, detail: taken.join('\n') });
}

export function pickFiles(core: Core): void {
  const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.json,.gz,application/json,application/gzip', multiple: true });
  input.addEventListener('change', () => void importFiles(core, input.files ?? []));
  input.click();
}

export function downloadProject(core: Core): void {
  const text = JSON.stringify(core.exportProject(), null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const stem = (core.getState().project.currentProject?.name ?? 'codeforge').replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
  Object.assign(document.createElement('a'), { href: address, download: `${stem}-${new Date().toISOString().slice(0, 10)}.json` }).click();
  // The browser has taken the address by the next turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
