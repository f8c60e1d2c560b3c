// The bar at the top: project, where we are, dark or light, export and import.
import type { RootState } from 'codeforge-core';
import { ConflictIndicator, UndoButtons } from 'codeforge-core/components';
import { useCore, useCoreSelector } from 'codeforge-core/react';
import { Check, Download, FolderPlus, Moon, Sun, SunMoon, Upload } from 'lucide-react';
import { routeHash, useRoutePart } from '../navigation';
import { newId } from '../new-id';
import { isPage, pageOf } from '../pages';
import { downloadProject, pickFiles } from '../project-files';
import { sectionOf, type SectionName } from '../sections';
import { useItemPart } from '../store-hooks';
import { IconButton, Menu, TextField } from '../ui';
import { ForgeMark } from './forge-mark';

const selectProjects = (state: RootState) => state.project.projects;
const selectCurrent = (state: RootState) => state.project.currentProject;
const selectMode = (state: RootState) => state.settings.settings.theme;

function ProjectMenu() {
  const core = useCore();
  const projects = useCoreSelector(selectProjects);
  const current = useCoreSelector(selectCurrent);
  const createProject = (): void => {
    const now = Date.now();
    const project = { id: newId('project'), name: `Project ${projects.length + 1}`, createdAt: now, updatedAt: now };
    core.dispatch({ type: 'project/addItem', payload: project });
    core.dispatch({ type: 'project/setCurrentProject', payload: project });
  };
  const rename = (name: string): void => {
    if (!current) return;
    core.dispatch({ type: 'project/updateProjectMetadata', payload: { name } });
    core.dispatch({ type: 'project/updateItem', payload: { id: current.id, name, updatedAt: Date.now() } });
  };
  return (
    <Menu name={`Project: ${current?.name ?? 'No project'}`} testId="project-menu" label={<span className="truncate" data-testid="project-name">{current?.name ?? 'No project'}</span>}>
      {(close) => (
        <>
          {current && <div className="menu-field"><TextField label="Name of this project" value={current.name} testId="project-rename" onChange={rename} /></div>}
          {projects.length > 0 && <div className="menu-label">Projects</div>}
          {projects.map((project) => (
            <button key={project.id} type="button" role="menuitemradio" aria-checked={project.id === current?.id} className="menu-item"
              onClick={() => { core.dispatch({ type: 'project/setCurrentProject', payload: project }); close(); }}>
              <span className="truncate grow">{project.name}</span>
              {project.id === current?.id && <Check size={15} aria-hidden />}
            </button>
          ))}
          {projects.length > 0 && <div className="menu-line" />}
          <button type="button" role="menuitem" className="menu-item" onClick={() => { createProject(); close(); }}><FolderPlus size={16} aria-hidden />New project</button>
          <button type="button" role="menuitem" className="menu-item" onClick={() => { pickFiles(core); close(); }}><Upload size={16} aria-hidden />Import JSON files…</button>
          <button type="button" role="menuitem" className="menu-item" onClick={() => { downloadProject(core); close(); }}><Download size={16} aria-hidden />Export everything</button>
        </>
      )}
    </Menu>
  );
}

const modes = ['dark', 'light', 'system'] as const;
const modeIcons = { dark: Moon, light: Sun, system: SunMoon };

function ModeButton() {
  const core = useCore();
  const mode = useCoreSelector(selectMode);
  const next = modes[(modes.indexOf(mode) + 1) % modes.length]!;
  return (
    <IconButton icon={modeIcons[mode] ?? SunMoon} label={`Appearance: ${mode}. Change to ${next}`} data-testid="appearance"
      onClick={() => core.dispatch({ type: 'settings/updateSettings', payload: { theme: next } })} />
  );
}

const nameOf = (item: { name: string } | undefined): string => item?.name ?? '';

function ItemCrumb({ section, id }: { section: SectionName; id: string }) {
  const name = useItemPart(section, id, nameOf);
  return <><span className="slash" aria-hidden>/</span><strong className="truncate">{name}</strong></>;
}

function Crumbs({ id }: { id: string | null }) {
  const section = useRoutePart((route) => route.section);
  if (isPage(section)) return <nav className="crumbs" aria-label="Location"><span className="slash" aria-hidden>/</span><strong>{pageOf(section).title}</strong></nav>;
  return (
    <nav className="crumbs" aria-label="Location">
      <span className="slash" aria-hidden>/</span>
      <a href={routeHash({ section })}>{sectionOf(section).title}</a>
      {id !== null && <ItemCrumb section={section} id={id} />}
    </nav>
  );
}

export function TopBar({ id }: { id: string | null }) {
  const core = useCore();
  return (
    <header className="top-bar">
      <a className="brand" href="#/files" aria-label="CodeForge, start"><ForgeMark /><span>CodeForge</span></a>
      <span className="slash brand-slash" aria-hidden>/</span>
      <ProjectMenu />
      <Crumbs id={id} />
      <div className="top-actions">
        <ConflictIndicator href="#/conflicts" className="conflict-wide" />
        <ConflictIndicator variant="compact" href="#/conflicts" className="conflict-narrow" />
        <UndoButtons shortcuts />
        <ModeButton />
        <IconButton icon={Download} label="Export everything as JSON" data-testid="export" onClick={() => downloadProject(core)} />
        <button type="button" className="button" aria-label="Import" data-testid="import" onClick={() => pickFiles(core)}><Upload size={14} aria-hidden /><span>Import</span></button>
      </div>
    </header>
  );
}
