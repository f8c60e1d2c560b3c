// Actions and thunks of the slice `theme`, under the names of the original.
import { theme } from 'codeforge-core';

export type { Theme, ThemeColors, ThemeSpacing, ThemeState, ThemeTypography } from 'codeforge-core';
export const {
  setCurrentTheme, setTheme, updateThemeColors, updateThemeTypography, updateThemeSpacing, addTheme, deleteTheme, setThemes, addItem, addItems, updateItem, removeItem, setItems,
} = theme;
