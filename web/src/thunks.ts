// The thunks of the editor. Saving and deleting show at once and resolve when the commit is durable on
// the device; the network has no part in it: the outbox sends what is durable, once.
import { createThunk, type ThunkCreator } from './thunk.js';
import { CoreError } from './errors.js';
import type { FlaskStats, Items, Payloads, Project } from './generated/slices.js';
import type { Core } from './types.js';

type EntityThunks<Slice extends keyof Items, One extends string, Many extends string> =
  { readonly [Name in `load${Many}`]: ThunkCreator<readonly Items[Slice][], undefined> } &
  { readonly [Name in `save${One}`]: ThunkCreator<Items[Slice], Items[Slice]> } &
  { readonly [Name in `delete${One}`]: ThunkCreator<string, string> };

/** The items of a slice as the state has them; they were recovered when the core opened. */
function itemsOf<Slice extends keyof Items>(core: Core, slice: Slice, collection: string): readonly Items[Slice][] {
  return (core.getState()[slice] as unknown as Record<string, readonly Items[Slice][]>)[collection]!;
}

function load<Slice extends keyof Items>(slice: Slice, collection: string, name: string): ThunkCreator<readonly Items[Slice][], undefined> {
  return createThunk(`${slice}/${name}`, async (_arg, { core, fulfil }) => {
    await core.ready;
    const items = itemsOf(core, slice, collection);
    fulfil(items, { payload: undefined });
    return items;
  });
}

function save<Slice extends keyof Items>(slice: Slice, name: string): ThunkCreator<Items[Slice], Items[Slice]> {
  return createThunk(`${slice}/${name}`, async (item: Items[Slice], { core, fulfil }) => {
    fulfil(item);
    await core.flush();
    return item;
  }) as ThunkCreator<Items[Slice], Items[Slice]>;
}

/** The core also clears the slice's active item when it is this one. */
function remove(slice: keyof Items, name: string): ThunkCreator<string, string> {
  return createThunk(`${slice}/${name}`, async (id: string, { core, fulfil }) => {
    fulfil(id);
    await core.flush();
    return id;
  });
}

function entityThunks<Slice extends keyof Items, One extends string, Many extends string>(
  slice: Slice, collection: string, one: One, many: Many,
): EntityThunks<Slice, One, Many> {
  return {
    [`load${many}`]: load(slice, collection, `load${many}`),
    [`save${one}`]: save(slice, `save${one}`),
    [`delete${one}`]: remove(slice, `delete${one}`),
  } as unknown as EntityThunks<Slice, One, Many>;
}

/** Brings one item to what the server has. The protocol pulls everything; a pull never loses local edits. */
function syncFromFlask<Slice extends keyof Items>(slice: Slice): ThunkCreator<Items[Slice] | undefined, string> {
  return createThunk(`${slice}/syncFromFlask`, async (id: string, { core }) => {
    await core.sync.pull();
    return core.read(slice, id);
  });
}

/** Unlike a bare time stamp this tells two projects of one millisecond apart. */
function newProjectId(): string {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  return `project-${Date.now()}-${random!.toString(36)}`;
}

const projectThunks = {
  loadProjects: load('project', 'projects', 'loadProjects'),
  loadProject: createThunk('project/loadProject', async (id: string, { core, fulfil }): Promise<Project | undefined> => {
    await core.ready;
    const project = core.read('project', id);
    fulfil(project);
    return project;
  }),
  saveProject: save('project', 'saveProject'),
  createProject: createThunk('project/createProject',
    async ({ name, description }: { name: string; description?: string }, { core, fulfil }) => {
      if (typeof name !== 'string' || name === '') throw new CoreError('malformed-payload', 'project/createProject: payload.name must be a string that is not empty');
      const now = Date.now();
      const project: Project = { id: newProjectId(), name, ...(description === undefined ? {} : { description }), createdAt: now, updatedAt: now };
      fulfil(project);
      await core.flush();
      return project;
    }),
  deleteProject: remove('project', 'deleteProject'),
  syncFromFlask: syncFromFlask('project'),
};

const syncThunks = {
  /** Pushes what waits; answers the time. */
  syncToFlaskBulk: createThunk('sync/syncToFlaskBulk', async (_arg: undefined, { core }): Promise<number> => {
    await core.sync.push();
    return Date.now();
  }),
  syncFromFlaskBulk: createThunk('sync/syncFromFlaskBulk', async (_arg: undefined, { core }): Promise<number> => {
    await core.sync.pull();
    return Date.now();
  }),
  checkConnection: createThunk('sync/checkConnection', async (_arg: undefined, { core }): Promise<FlaskStats> => core.sync.stats()),
  clearFlask: createThunk('sync/clearFlask', async (_arg: undefined, { core }): Promise<void> => core.sync.clear()),
};

function conflictThunk<Name extends 'resolveConflict' | 'resolveAllConflicts'>(name: Name): ThunkCreator<void, Payloads[`conflicts/${Name}`]> {
  return createThunk(`conflicts/${name}`, async (payload: Payloads[`conflicts/${Name}`], { core, dispatch }) => {
    const { error } = dispatch({ type: `conflicts/${name}`, payload });
    if (error) throw CoreError.from(error);
    await core.flush();
  }) as ThunkCreator<void, Payloads[`conflicts/${Name}`]>;
}

const conflictThunks = {
  /** A pull compares with the server and records what diverged. */
  detectConflicts: createThunk('conflicts/detectConflicts', async (_arg: undefined, { core, fulfil }) => {
    await core.sync.pull();
    const conflicts = core.getState().conflicts.conflicts;
    fulfil(conflicts, { payload: undefined });
    return conflicts;
  }),
  resolveConflict: conflictThunk('resolveConflict'),
  resolveAllConflicts: conflictThunk('resolveAllConflicts'),
};

/**
 * All thunks by slice, where a plain action of the same name is wanted beside them.
 *
 * @example
 * const all = await core.dispatch(thunks.files.loadFiles()).unwrap();
 * all.length; // 1
 */
export const thunks = {
  project: projectThunks,
  files: { ...entityThunks('files', 'files', 'File', 'Files'), syncFromFlask: syncFromFlask('files') },
  models: entityThunks('models', 'models', 'Model', 'Models'),
  components: entityThunks('components', 'components', 'Component', 'Components'),
  componentTrees: { ...entityThunks('componentTrees', 'trees', 'Tree', 'Trees'), syncFromFlask: syncFromFlask('componentTrees') },
  workflows: entityThunks('workflows', 'workflows', 'Workflow', 'Workflows'),
  lambdas: entityThunks('lambdas', 'lambdas', 'Lambda', 'Lambdas'),
  sync: syncThunks,
  conflicts: conflictThunks,
} as const;
