// Which items belong to the project that is open. An item carries `projectId`; one without belongs to every project.
import type { Core, RootState } from 'codeforge-core';
import { sections, type SectionItem, type SectionName } from './sections';

const projectOf = (item: SectionItem): unknown => (item as { projectId?: unknown }).projectId;

/** Without an open project everything is shown. */
export function isInProject(state: RootState, item: SectionItem): boolean {
  const { currentProject, projects } = state.project;
  const owner = projectOf(item);
  // An owner that is gone must not hide its items for ever.
  return currentProject === null || owner === undefined || owner === currentProject.id || !projects.some(({ id }) => id === owner);
}

/** The items of a section that the sidebar lists; the same array while every item is shown. */
export function shownItems(state: RootState, name: SectionName): readonly SectionItem[] {
  const items = sections.find((section) => section.name === name)!.items(state);
  return items.every((item) => isInProject(state, item)) ? items : items.filter((item) => isInProject(state, item));
}

/** Makes an item one of the open project. */
export function owned<Item extends SectionItem>(state: RootState, item: Item): Item {
  const { currentProject } = state.project;
  return currentProject === null ? item : { ...item, projectId: currentProject.id };
}

/** Answers the function that makes what came since an item of the project that is open by then. */
export function owning(core: Core): () => void {
  const known = new Map(sections.map((section) => [section.name, new Set(section.items(core.getState()).map(({ id }) => id))]));
  return () => {
    const state = core.getState();
    if (state.project.currentProject === null) return;
    for (const section of sections) {
      const brought = section.items(state).filter((item) => !known.get(section.name)!.has(item.id) && projectOf(item) === undefined);
      if (brought.length > 0) core.dispatch({ type: `${section.name}/addItems`, payload: brought.map((item) => owned(state, item)) });
    }
  };
}
