// Actions and thunks of the slice `settings`, under the names of the original.
import { settings } from 'codeforge-core';

export type { Settings, SettingsState } from 'codeforge-core';

/**
 * Actions of the settings, to dispatch. They show at once; a refused one comes back with `error`.
 *
 * @example
 * store.dispatch(updateSettings({ theme: 'light' })); // these members
 * store.dispatch(setSyncInterval(60_000)); // milliseconds; in force at once
 * store.dispatch(toggleAutoSync());
 * store.dispatch(toggleAutoSave());
 * store.getState().settings.settings.syncInterval; // 60000
 * store.dispatch(setSettings({ ...store.getState().settings.settings, autoSync: true })); // all of them
 * store.getState().settings.settings.autoSync; // true
 */
export const {
  updateSettings, setSettings, toggleAutoSave, toggleAutoSync, setSyncInterval,
} = settings;
