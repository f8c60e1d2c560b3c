// Selectors over RootState. None of them allocates, so each answers the same reference while nothing changed.
import { sliceTable, type Items, type RootState } from './generated/slices.js';

export const selectItems = <Slice extends keyof Items>(slice: Slice) => (state: RootState): readonly Items[Slice][] =>
  (state[slice] as unknown as Record<string, readonly Items[Slice][]>)[sliceTable[slice].collection!]!;

/** By id. Walks the items: where a core is at hand `core.read(slice, id)` is the fast way. */
export const selectItem = <Slice extends keyof Items>(slice: Slice, id: string | null) => (state: RootState): Items[Slice] | undefined =>
  id === null ? undefined : selectItems(slice)(state).find((item) => item.id === id);

export const selectActiveFile = (state: RootState) => selectItem('files', state.files.activeFileId)(state);
export const selectActiveModel = (state: RootState) => selectItem('models', state.models.activeModelId)(state);
export const selectActiveComponent = (state: RootState) => selectItem('components', state.components.activeComponentId)(state);
export const selectActiveTree = (state: RootState) => selectItem('componentTrees', state.componentTrees.activeTreeId)(state);
export const selectActiveWorkflow = (state: RootState) => selectItem('workflows', state.workflows.activeWorkflowId)(state);
export const selectActiveLambda = (state: RootState) => selectItem('lambdas', state.lambdas.activeLambdaId)(state);

export const selectCurrentProject = (state: RootState) => state.project.currentProject;
export const selectCurrentTheme = (state: RootState) => state.theme.currentTheme;
export const selectSettings = (state: RootState) => state.settings.settings;
export const selectConflicts = (state: RootState) => state.conflicts.conflicts;
export const selectHasConflicts = (state: RootState) => state.conflicts.conflicts.length > 0;
