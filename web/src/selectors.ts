// Selectors over RootState. None of them allocates, so each answers the same reference while nothing changed.
import { sliceTable, type Items, type RootState } from './generated/slices.js';

/**
 * All items of a slice, in their order.
 *
 * @example
 * selectItems('files')(core.getState()).length; // 1
 */
export const selectItems = <Slice extends keyof Items>(slice: Slice) => (state: RootState): readonly Items[Slice][] =>
  (state[slice] as unknown as Record<string, readonly Items[Slice][]>)[sliceTable[slice].collection!]!;

/**
 * One item by id, undefined when absent. Walks the items: where a core is at hand `core.read(slice, id)` is the fast way.
 *
 * @example
 * selectItem('files', 'a')(core.getState()).name; // 'a.ts'
 */
export const selectItem = <Slice extends keyof Items>(slice: Slice, id: string | null) => (state: RootState): Items[Slice] | undefined =>
  id === null ? undefined : selectItems(slice)(state).find((item) => item.id === id);

/**
 * The item that `files/setActiveFile` chose; undefined while none is or when it has gone.
 *
 * @example
 * core.dispatch(files.setActiveFile('a'));
 * selectActiveFile(core.getState())?.name; // 'a.ts'
 */
export const selectActiveFile = (state: RootState) => selectItem('files', state.files.activeFileId)(state);
/**
 * The item that `models/setActiveModel` chose; undefined while none is or when it has gone.
 *
 * @example
 * selectActiveModel(core.getState()); // undefined
 */
export const selectActiveModel = (state: RootState) => selectItem('models', state.models.activeModelId)(state);
/**
 * The item that `components/setActiveComponent` chose; undefined while none is or when it has gone.
 *
 * @example
 * selectActiveComponent(core.getState()); // undefined
 */
export const selectActiveComponent = (state: RootState) => selectItem('components', state.components.activeComponentId)(state);
/**
 * The item that `componentTrees/setActiveTree` chose; undefined while none is or when it has gone.
 *
 * @example
 * core.dispatch(componentTrees.setActiveTree('t'));
 * selectActiveTree(core.getState())?.name; // 'Page'
 */
export const selectActiveTree = (state: RootState) => selectItem('componentTrees', state.componentTrees.activeTreeId)(state);
/**
 * The item that `workflows/setActiveWorkflow` chose; undefined while none is or when it has gone.
 *
 * @example
 * selectActiveWorkflow(core.getState()); // undefined
 */
export const selectActiveWorkflow = (state: RootState) => selectItem('workflows', state.workflows.activeWorkflowId)(state);
/**
 * The item that `lambdas/setActiveLambda` chose; undefined while none is or when it has gone.
 *
 * @example
 * selectActiveLambda(core.getState()); // undefined
 */
export const selectActiveLambda = (state: RootState) => selectItem('lambdas', state.lambdas.activeLambdaId)(state);

/**
 * The open project, null while none is.
 *
 * @example
 * selectCurrentProject(core.getState()); // null
 */
export const selectCurrentProject = (state: RootState) => state.project.currentProject;
/**
 * The theme in use, null while none is.
 *
 * @example
 * selectCurrentTheme(core.getState()); // null
 */
export const selectCurrentTheme = (state: RootState) => state.theme.currentTheme;
/**
 * The settings; `syncInterval` is in milliseconds.
 *
 * @example
 * selectSettings(core.getState()).syncInterval; // 30000
 */
export const selectSettings = (state: RootState) => state.settings.settings;
/**
 * What was changed on two sides and waits for a decision.
 *
 * @example
 * selectConflicts(core.getState()).length; // 0
 */
export const selectConflicts = (state: RootState) => state.conflicts.conflicts;
/**
 * Whether anything waits for a decision.
 *
 * @example
 * selectHasConflicts(core.getState()); // false
 */
export const selectHasConflicts = (state: RootState) => state.conflicts.conflicts.length > 0;
