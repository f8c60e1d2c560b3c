// Files dropped anywhere on the page are imported.
import { useCore } from 'codeforge-core/react';
import { FileJson } from 'lucide-react';
import { useEffect, useState } from 'react';
import { importFiles } from '../project-files';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function DropZone() {
  const core = useCore();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void importFiles(core, [...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [core]);
  if (!isOver) return null;
  return (
    <div className="drop-veil">
      <div><FileJson size={30} aria-hidden /><strong>Drop to import</strong><span>Projects, workflows and component trees as JSON</span></div>
    </div>
  );
}
