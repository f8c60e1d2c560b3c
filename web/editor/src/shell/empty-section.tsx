// What a section without items shows: what belongs here and how to begin.
import { useCore } from 'codeforge-core/react';
import { Plus, Upload } from 'lucide-react';
import { pickFiles } from '../project-files';
import { sectionOf, type SectionName } from '../sections';
import { addItem } from '../store-hooks';
import { Empty } from '../ui';

export function EmptySection({ name }: { name: SectionName }) {
  const core = useCore();
  const section = sectionOf(name);
  return (
    <Empty icon={section.icon} title={`No ${name === 'theme' ? 'themes' : section.title.toLowerCase()} yet`} text={`Add the first ${section.one}, or import a project from a JSON file.`}>
      <button type="button" className="button primary" onClick={() => addItem(core, name)}><Plus size={15} aria-hidden />New {section.one}</button>
      <button type="button" className="button" onClick={() => pickFiles(core)}><Upload size={15} aria-hidden />Import</button>
    </Empty>
  );
}
