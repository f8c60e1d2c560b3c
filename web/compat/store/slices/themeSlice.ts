// Actions and thunks of the slice `theme`, under the names of the original.
import { theme } from 'codeforge-core';

export type { Theme, ThemeColors, ThemeSpacing, ThemeState, ThemeTypography } from 'codeforge-core';

/**
 * Actions of the themes, to dispatch. They show at once; a refused one comes back with `error`.
 *
 * @example
 * const dark = { id: 'dark', name: 'Dark', colors: {}, typography: {}, spacing: {}, updatedAt: 1 };
 * store.dispatch(addTheme(dark));
 * store.dispatch(setCurrentTheme(dark)); // `setTheme` is another name for it
 * store.dispatch(setTheme(dark));
 * store.dispatch(updateThemeColors({ primary: '#08f' })); // these members of the current theme
 * store.dispatch(updateThemeTypography({ fontFamily: 'Inter' }));
 * store.dispatch(updateThemeSpacing({ small: 4 }));
 * store.getState().theme.currentTheme.colors.primary; // '#08f'
 * store.dispatch(deleteTheme('dark'));
 * store.dispatch(setThemes([dark]));
 * store.getState().theme.themes.length; // 1
 * store.dispatch(addItems([dark, { ...dark, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(dark));
 * store.read('theme', 'dark').id; // 'dark'
 */
export const {
  setCurrentTheme, setTheme, updateThemeColors, updateThemeTypography, updateThemeSpacing, addTheme, deleteTheme, setThemes, addItem, addItems, updateItem, removeItem, setItems,
} = theme;
