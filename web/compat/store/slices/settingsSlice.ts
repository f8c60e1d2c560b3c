// Actions and thunks of the slice `settings`, under the names of the original.
import { settings } from 'codeforge-core';

export type { Settings, SettingsState } from 'codeforge-core';
export const {
  updateSettings, setSettings, toggleAutoSave, toggleAutoSync, setSyncInterval,
} = settings;
