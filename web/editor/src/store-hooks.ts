// What the editor asks of the store, narrowly: a component renders again only when its own part changed.
import type { Core, Items, RootState } from 'codeforge-core';
import { useCore, useCoreSelector } from 'codeforge-core/react';
import { useCallback } from 'react';
import { go } from './navigation';
import { owned, shownItems } from './project-items';
import { sectionOf, type SectionName } from './sections';
import { showToast } from './toasts';

export const sameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((entry, index) => Object.is(entry, other[index]));

export const useItemIds = (name: SectionName): readonly string[] =>
  useCoreSelector(useCallback((state: RootState) => shownItems(state, name).map((item) => item.id), [name]), sameList);

export const useItemCount = (name: SectionName): number =>
  useCoreSelector(useCallback((state: RootState) => shownItems(state, name).length, [name]));

/** One part of one item. */
export function useItemPart<Name extends SectionName, Part>(name: Name, id: string, part: (item: Items[Name] | undefined) => Part): Part {
  const core = useCore();
  return useCoreSelector(useCallback(() => part(core.read(name, id)), [core, name, id, part]));
}

/** Merges members into an item and stamps it. */
export function updateItem<Name extends SectionName>(core: Core, name: Name, id: string, changes: Partial<Items[Name]>): void {
  core.dispatch({ type: `${name}/updateItem`, payload: { ...changes, id, updatedAt: Date.now() } });
}

export function addItem(core: Core, name: SectionName): string {
  const section = sectionOf(name);
  const state = core.getState();
  const item = owned(state, section.create(new Set(section.items(state).map((other) => other.name))));
  core.dispatch({ type: `${name}/addItem`, payload: item });
  go({ section: name, id: item.id });
  return item.id;
}

/** Deletes at once, with an undo instead of a question. */
export function removeItem(core: Core, name: SectionName, id: string, current: string | null): void {
  const section = sectionOf(name);
  const before = section.items(core.getState());
  const at = before.findIndex((item) => item.id === id);
  const item = before[at];
  if (!item) return;
  core.dispatch({ type: `${name}/removeItem`, payload: id });
  if (current === id) go({ section: name, id: (before[at + 1] ?? before[at - 1])?.id ?? null });
  const restore = (): void => {
    core.dispatch({ type: `${name}/addItem`, payload: item });
    go({ section: name, id });
  };
  showToast({ tone: 'plain', text: `Deleted ${item.name}`, action: { label: 'Undo', run: restore } });
}
