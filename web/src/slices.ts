// Per slice everything that can be dispatched: plain action creators, and thunks where the slice has
// them. Where both have a name the thunk wins; the plain action still works by its type.
import { sliceActions } from './actions.js';
import { thunks } from './thunks.js';

/**
 * Actions and thunks of the projects, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const shop = await core.dispatch(project.createProject({ name: 'Shop', description: 'Our shop' })).unwrap();
 * core.getState().project.currentProject.name; // 'Shop'
 * core.dispatch(project.updateProjectMetadata({ description: 'Better' })); // of the current one
 * core.dispatch(project.markSynced()); // lastSyncedAt: now, Unix time in milliseconds
 * core.dispatch(project.clearCurrentProject());
 * await core.dispatch(project.saveProject({ ...shop, name: 'Store' })).unwrap(); // durable on the device
 * await core.dispatch(project.loadProject(shop.id)).unwrap(); // makes it the current one; undefined where there is none
 * core.dispatch(project.setCurrentProject({ ...shop, name: 'Other' }));
 * (await core.dispatch(project.loadProjects()).unwrap()).length; // 1
 * await core.dispatch(project.deleteProject(shop.id)).unwrap();
 * core.getState().project.projects.length; // 0
 * core.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await core.dispatch(project.syncFromFlask(shop.id)).unwrap(); // the item as the server has it, after a pull
 */
export const project = { ...sliceActions('project'), ...thunks.project };

/**
 * Actions and thunks of the files, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const file = { id: 'b', name: 'b.ts', content: '', language: 'typescript', path: '/src', updatedAt: 1 };
 * core.dispatch(files.addFile(file)); // inserts, or replaces the one of that id
 * core.dispatch(files.updateFile({ ...file, content: 'let b;' })); // replaces the whole item, where there is one
 * core.dispatch(files.setActiveFile('b'));
 * core.getState().files.activeFileId; // 'b'
 * core.dispatch(files.clearActiveFile());
 * await core.dispatch(files.saveFile(file)).unwrap(); // durable on the device
 * (await core.dispatch(files.loadFiles()).unwrap()).some(({ id }) => id === 'b'); // true
 * await core.dispatch(files.deleteFile('b')).unwrap();
 * core.dispatch(files.setFiles([file])); // exactly these
 * core.getState().files.files.length; // 1
 * core.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await core.dispatch(files.syncFromFlask('b')).unwrap(); // the item as the server has it, after a pull
 */
export const files = { ...sliceActions('files'), ...thunks.files };

/**
 * Actions and thunks of the models, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const model = { id: 'm', name: 'User', fields: [], updatedAt: 1 };
 * core.dispatch(models.addModel(model)); // inserts, or replaces the one of that id
 * core.dispatch(models.updateModel({ ...model, name: 'Person' })); // replaces the whole item, where there is one
 * core.dispatch(models.setActiveModel('m'));
 * core.getState().models.activeModelId; // 'm'
 * core.dispatch(models.clearActiveModel());
 * await core.dispatch(models.saveModel(model)).unwrap(); // durable on the device
 * (await core.dispatch(models.loadModels()).unwrap()).some(({ id }) => id === 'm'); // true
 * await core.dispatch(models.deleteModel('m')).unwrap();
 * core.dispatch(models.setModels([model])); // exactly these
 * core.getState().models.models.length; // 1
 */
export const models = { ...sliceActions('models'), ...thunks.models };

/**
 * Actions and thunks of the components, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const component = { id: 'c', name: 'Button', type: 'atom', code: '', updatedAt: 1 };
 * core.dispatch(components.addComponent(component)); // inserts, or replaces the one of that id
 * core.dispatch(components.updateComponent({ ...component, code: '<button/>' })); // replaces the whole item, where there is one
 * core.dispatch(components.setActiveComponent('c'));
 * core.getState().components.activeComponentId; // 'c'
 * core.dispatch(components.clearActiveComponent());
 * await core.dispatch(components.saveComponent(component)).unwrap(); // durable on the device
 * (await core.dispatch(components.loadComponents()).unwrap()).some(({ id }) => id === 'c'); // true
 * await core.dispatch(components.deleteComponent('c')).unwrap();
 * core.dispatch(components.setComponents([component])); // exactly these
 * core.getState().components.components.length; // 1
 */
export const components = { ...sliceActions('components'), ...thunks.components };

/**
 * Actions and thunks of the component trees, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const tree = { id: 'p', name: 'Page', root: { id: 'root', type: 'div', children: [] }, updatedAt: 1 };
 * core.dispatch(componentTrees.addTree(tree)); // inserts, or replaces the one of that id
 * core.dispatch(componentTrees.updateTree({ ...tree, name: 'Home' })); // replaces the whole item, where there is one
 * core.dispatch(componentTrees.setActiveTree('p'));
 * core.getState().componentTrees.activeTreeId; // 'p'
 * core.dispatch(componentTrees.clearActiveTree());
 * core.dispatch(componentTrees.updateTreeNode({ treeId: 'p', nodeId: 'root', updates: { props: { className: 'wide' } } }));
 * core.read('componentTrees', 'p').root.props.className; // 'wide'
 * await core.dispatch(componentTrees.saveTree(tree)).unwrap(); // durable on the device
 * (await core.dispatch(componentTrees.loadTrees()).unwrap()).some(({ id }) => id === 'p'); // true
 * await core.dispatch(componentTrees.deleteTree('p')).unwrap();
 * core.dispatch(componentTrees.setTrees([tree])); // exactly these
 * core.getState().componentTrees.trees.length; // 1
 * // Other names of the original for three of them:
 * core.dispatch(componentTrees.saveComponentTree(tree));
 * core.dispatch(componentTrees.setComponentTrees([tree]));
 * core.dispatch(componentTrees.deleteComponentTree('p'));
 * core.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await core.dispatch(componentTrees.syncFromFlask('p')).unwrap(); // the item as the server has it, after a pull
 */
export const componentTrees = { ...sliceActions('componentTrees'), ...thunks.componentTrees };

/**
 * Actions and thunks of the workflows, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const workflow = { id: 'w', name: 'Flow', nodes: [], edges: [], updatedAt: 1 };
 * core.dispatch(workflows.addWorkflow(workflow)); // inserts, or replaces the one of that id
 * core.dispatch(workflows.updateWorkflow({ ...workflow, name: 'Order' })); // replaces the whole item, where there is one
 * core.dispatch(workflows.setActiveWorkflow('w'));
 * core.getState().workflows.activeWorkflowId; // 'w'
 * core.dispatch(workflows.clearActiveWorkflow());
 * await core.dispatch(workflows.saveWorkflow(workflow)).unwrap(); // durable on the device
 * (await core.dispatch(workflows.loadWorkflows()).unwrap()).some(({ id }) => id === 'w'); // true
 * await core.dispatch(workflows.deleteWorkflow('w')).unwrap();
 * core.dispatch(workflows.setWorkflows([workflow])); // exactly these
 * core.getState().workflows.workflows.length; // 1
 */
export const workflows = { ...sliceActions('workflows'), ...thunks.workflows };

/**
 * Actions and thunks of the lambdas, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const lambda = { id: 'l', name: 'Hello', code: '', runtime: 'nodejs', handler: 'index.handler', updatedAt: 1 };
 * core.dispatch(lambdas.addLambda(lambda)); // inserts, or replaces the one of that id
 * core.dispatch(lambdas.updateLambda({ ...lambda, code: 'return 1' })); // replaces the whole item, where there is one
 * core.dispatch(lambdas.setActiveLambda('l'));
 * core.getState().lambdas.activeLambdaId; // 'l'
 * core.dispatch(lambdas.clearActiveLambda());
 * await core.dispatch(lambdas.saveLambda(lambda)).unwrap(); // durable on the device
 * (await core.dispatch(lambdas.loadLambdas()).unwrap()).some(({ id }) => id === 'l'); // true
 * await core.dispatch(lambdas.deleteLambda('l')).unwrap();
 * core.dispatch(lambdas.setLambdas([lambda])); // exactly these
 * core.getState().lambdas.lambdas.length; // 1
 */
export const lambdas = { ...sliceActions('lambdas'), ...thunks.lambdas };

/**
 * Actions of the themes, to dispatch. They show at once; a refused one comes back with `error`.
 *
 * @example
 * const dark = { id: 'dark', name: 'Dark', colors: {}, typography: {}, spacing: {}, updatedAt: 1 };
 * core.dispatch(theme.addTheme(dark));
 * core.dispatch(theme.setCurrentTheme(dark)); // `setTheme` is another name for it
 * core.dispatch(theme.setTheme(dark));
 * core.dispatch(theme.updateThemeColors({ primary: '#08f' })); // these members of the current theme
 * core.dispatch(theme.updateThemeTypography({ fontFamily: 'Inter' }));
 * core.dispatch(theme.updateThemeSpacing({ small: 4 }));
 * core.getState().theme.currentTheme.colors.primary; // '#08f'
 * core.dispatch(theme.deleteTheme('dark'));
 * core.dispatch(theme.setThemes([dark]));
 * core.getState().theme.themes.length; // 1
 */
export const theme = sliceActions('theme');

/**
 * Actions of the settings, to dispatch. They show at once; a refused one comes back with `error`.
 *
 * @example
 * core.dispatch(settings.updateSettings({ theme: 'light' })); // these members
 * core.dispatch(settings.setSyncInterval(60_000)); // milliseconds; in force at once
 * core.dispatch(settings.toggleAutoSync());
 * core.dispatch(settings.toggleAutoSave());
 * core.getState().settings.settings.syncInterval; // 60000
 * core.dispatch(settings.setSettings({ ...core.getState().settings.settings, autoSync: true })); // all of them
 * core.getState().settings.settings.autoSync; // true
 */
export const settings = sliceActions('settings');

/**
 * Actions and thunks of the exchange with the server, to dispatch. The promise of a thunk never rejects, its
 * `unwrap()` does, with CoreError `offline`, `timeout`, `server`, `rejected` or `no-server`.
 *
 * @example
 * core.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await core.dispatch(sync.syncToFlaskBulk()).unwrap(); // pushes what waits; the time, Unix time in milliseconds
 * await core.dispatch(sync.syncFromFlaskBulk()).unwrap(); // pulls; edits that are not pushed are kept
 * (await core.dispatch(sync.checkConnection()).unwrap()).totalKeys; // 2
 * core.getState().sync.status; // 'success'
 * core.dispatch(sync.resetSyncStatus()); // `idle`, and no error
 * core.dispatch(sync.setFlaskConnected(false)); // what is shown until the next exchange
 * await core.dispatch(sync.clearFlask()).unwrap(); // empties the server
 * for (const { key, isRolledBack } of core.rejected) // what the server refused
 *   core.dispatch(isRolledBack ? sync.retryRejected({ key }) : sync.discardRejected({ key }));
 */
export const sync = { ...sliceActions('sync'), ...thunks.sync };

/**
 * Actions and thunks of the conflicts, to dispatch. The promise of a thunk never rejects, its
 * `unwrap()` does, with CoreError `offline`, `timeout`, `server`, `rejected` or `no-server`.
 *
 * @example
 * core.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * core.dispatch(conflicts.setAutoResolveStrategy('merge')); // every conflict that is found is resolved so, from now on; null: none is
 * for (const conflict of await core.dispatch(conflicts.detectConflicts()).unwrap()) // a pull that compares
 *   await core.dispatch(conflicts.resolveConflict({ conflictId: conflict.id, strategy: 'local' })).unwrap(); // pushed with the next push
 * await core.dispatch(conflicts.resolveAllConflicts('remote')).unwrap();
 * core.dispatch(conflicts.removeConflict('files:a')); // from the list, undecided
 * core.dispatch(conflicts.clearConflicts());
 * core.getState().conflicts.conflicts.length; // 0
 */
export const conflicts = { ...sliceActions('conflicts'), ...thunks.conflicts };
