// Brings settings.theme and the project's theme to CSS variables, at once whenever they change.
import type { Core, RootState, Theme } from 'codeforge-core';
import { onColor, readable, toHex, toRgb } from './color';

export const colorNames = ['primary', 'secondary', 'accent', 'background', 'foreground', 'muted', 'destructive', 'border'] as const;

const kDefaultAccent = '#5b5bd6';

/** A theme may come from any file: only values of the right kind become style. */
const isSafe = (property: string, value: unknown): value is string => typeof value === 'string' && value.length < 200 && CSS.supports(property, value);

function projectVariables(theme: Theme | null): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const name of colorNames) {
    const value = theme?.colors?.[name];
    if (isSafe('color', value)) {
      variables[`--project-${name}`] = value;
      const rgb = toRgb(value);
      if (rgb) variables[`--project-on-${name}`] = toHex(onColor(rgb));
    }
  }
  const { typography, spacing } = theme ?? {};
  if (isSafe('font-family', typography?.fontFamily)) variables['--project-font'] = typography.fontFamily;
  if (isSafe('font-family', typography?.headingFamily)) variables['--project-heading-font'] = typography.headingFamily;
  for (const [name, size] of Object.entries(typography?.fontSize ?? {}))
    if (/^[\w-]{1,32}$/.test(name) && isSafe('font-size', size)) variables[`--project-size-${name}`] = size;
  if (typeof spacing?.unit === 'number' && spacing.unit >= 0 && spacing.unit <= 64) variables['--project-unit'] = `${spacing.unit}px`;
  return variables;
}

function accentVariables(theme: Theme | null, surface: string): Record<string, string> {
  const accent = toRgb(theme?.colors?.primary ?? '') ?? toRgb(kDefaultAccent)!;
  const ground = toRgb(surface) ?? [255, 255, 255];
  return { '--accent': toHex(accent), '--accent-contrast': toHex(onColor(accent)), '--accent-text': toHex(readable(accent, ground)) };
}

/** Keeps the page's look in step with the store. */
export function followAppearance(core: Core): void {
  const root = document.documentElement;
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let written: string[] = [];
  let lastTheme: Theme | null | undefined;
  let lastMode: string | undefined;
  const apply = (): void => {
    const { theme, settings }: RootState = core.getState();
    const choice = settings.settings.theme;
    const mode = choice === 'light' || choice === 'dark' ? choice : prefersDark.matches ? 'dark' : 'light';
    if (mode === lastMode && theme.currentTheme === lastTheme) return;
    root.dataset.theme = mode;
    const surface = getComputedStyle(root).getPropertyValue('--raised').trim();
    // The surface on which a text in the accent is hardest to read.
    const hardest = getComputedStyle(root).getPropertyValue(mode === 'light' ? '--hover' : '--raised').trim();
    const variables = { ...projectVariables(theme.currentTheme), ...accentVariables(theme.currentTheme, hardest) };
    for (const name of written) if (!(name in variables)) root.style.removeProperty(name);
    for (const [name, value] of Object.entries(variables)) root.style.setProperty(name, value);
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', surface);
    written = Object.keys(variables);
    lastTheme = theme.currentTheme;
    lastMode = mode;
  };
  core.subscribe(apply);
  prefersDark.addEventListener('change', apply);
  apply();
}
