// How a node's properties become style. Nothing is passed through: each property is read, checked and bounded here.
import type { CSSProperties } from 'react';

type Props = Readonly<Record<string, unknown>>;

const kMaxUnits = 24;
const units = (value: unknown): string | undefined =>
  typeof value === 'number' && value >= 0 ? `calc(var(--project-unit, 8px) * ${Math.min(value, kMaxUnits)})` : undefined;

const alignments: Readonly<Record<string, string>> = {
  start: 'flex-start', center: 'center', end: 'flex-end', between: 'space-between', around: 'space-around', stretch: 'stretch', baseline: 'baseline',
};
const aligned = (value: unknown): string | undefined => (typeof value === 'string' && Object.hasOwn(alignments, value) ? alignments[value] : undefined);

/** The utility classes that imported trees use most, as far as they say something about layout. */
const utilities: Readonly<Record<string, CSSProperties>> = {
  flex: { display: 'flex', gap: 8 }, 'inline-flex': { display: 'inline-flex' }, 'flex-col': { flexDirection: 'column' }, 'flex-row': { flexDirection: 'row' },
  'flex-wrap': { flexWrap: 'wrap' }, 'flex-1': { flex: 1, minWidth: 0 }, grid: { display: 'grid', gap: 8 }, 'items-center': { alignItems: 'center' }, 'items-start': { alignItems: 'flex-start' },
  'items-end': { alignItems: 'flex-end' }, 'justify-between': { justifyContent: 'space-between' }, 'justify-center': { justifyContent: 'center' }, 'justify-end': { justifyContent: 'flex-end' },
  'text-center': { textAlign: 'center' }, 'text-right': { textAlign: 'right' }, 'font-bold': { fontWeight: 700 }, 'font-semibold': { fontWeight: 600 }, 'font-medium': { fontWeight: 500 },
  'text-xs': { fontSize: 12 }, 'text-sm': { fontSize: 14 }, 'text-lg': { fontSize: 18 }, 'text-xl': { fontSize: 20 }, 'text-2xl': { fontSize: 24 }, 'text-3xl': { fontSize: 30 },
  'w-full': { width: '100%' }, 'ml-auto': { marginLeft: 'auto' }, 'mx-auto': { marginInline: 'auto' }, rounded: { borderRadius: 4 }, 'rounded-lg': { borderRadius: 8 }, 'rounded-full': { borderRadius: 999 },
  border: { border: '1px solid var(--project-border, #ddd)' }, 'border-b': { borderBottom: '1px solid var(--project-border, #ddd)' }, 'border-t': { borderTop: '1px solid var(--project-border, #ddd)' },
  'text-muted-foreground': { color: 'var(--project-muted, #666)' }, 'text-primary': { color: 'var(--project-primary, #5b5bd6)' },
};

const spacings: Readonly<Record<string, (size: number) => CSSProperties>> = {
  gap: (size) => ({ gap: size }), p: (size) => ({ padding: size }), px: (size) => ({ paddingInline: size }), py: (size) => ({ paddingBlock: size }),
  pt: (size) => ({ paddingTop: size }), pb: (size) => ({ paddingBottom: size }), mt: (size) => ({ marginTop: size }), mb: (size) => ({ marginBottom: size }),
  h: (size) => ({ minHeight: size }), 'space-y': (size) => ({ display: 'flex', flexDirection: 'column', gap: size }), 'space-x': (size) => ({ display: 'flex', gap: size }),
};

function fromClasses(className: unknown): CSSProperties {
  if (typeof className !== 'string' || className.length > 1000) return {};
  const style: CSSProperties = {};
  for (const name of className.split(/\s+/)) {
    if (Object.hasOwn(utilities, name)) Object.assign(style, utilities[name]);
    const columns = /^grid-cols-(\d)$/.exec(name)?.[1];
    if (columns) style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    const [, kind, steps] = /^(gap|p|px|py|pt|pb|mt|mb|h|space-y|space-x)-(\d{1,2})$/.exec(name) ?? [];
    if (kind && steps) Object.assign(style, spacings[kind]!(Math.min(Number(steps), 16) * 4));
  }
  return style;
}

export function styleOf(props: Props): CSSProperties {
  const style = fromClasses(props.className);
  const set = (name: keyof CSSProperties, value: string | number | undefined): void => {
    if (value !== undefined) Object.assign(style, { [name]: value });
  };
  set('gap', units(props.gap ?? props.spacing));
  set('padding', units(props.padding));
  set('alignItems', aligned(props.align));
  set('justifyContent', aligned(props.justify));
  if (props.direction === 'row' || props.direction === 'column') set('flexDirection', props.direction);
  if (typeof props.columns === 'number' && props.columns >= 1) set('gridTemplateColumns', `repeat(${Math.min(Math.floor(props.columns), 12)}, minmax(0, 1fr))`);
  if (props.grow === true) set('flex', '1 1 220px');
  if (props.textAlign === 'center' || props.textAlign === 'right') set('textAlign', props.textAlign);
  return style;
}
