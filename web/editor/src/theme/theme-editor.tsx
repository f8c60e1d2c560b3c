// The project's theme. Editing the one in use changes the page at once; any other is edited as an item.
import type { Core, RootState, Theme, ThemeColors } from 'codeforge-core';
import { useCore, useCoreSelector } from 'codeforge-core/react';
import { Check, Palette, Trash2 } from 'lucide-react';
import { useCallback } from 'react';
import { removeItem, updateItem } from '../store-hooks';
import { timeAgo } from '../time';
import { SelectField, TextField } from '../ui';
import { isObject } from '../value-text';
import { colorNames } from './appearance';
import { onColor, toHex, toRgb } from './color';

const fonts = ['Inter', 'system-ui', 'Georgia', 'JetBrains Mono', 'Helvetica', 'Verdana'];
const selectCurrentId = (state: RootState): string | undefined => state.theme.currentTheme?.id;

/** The theme in use lives beside the list; what is edited is the copy in use, if this is it. */
function useTheme(id: string): { theme: Theme | undefined; isCurrent: boolean } {
  const isCurrent = useCoreSelector(selectCurrentId) === id;
  const select = useCallback((state: RootState) => (state.theme.currentTheme?.id === id ? state.theme.currentTheme : state.theme.themes.find((theme) => theme.id === id)), [id]);
  return { theme: useCoreSelector(select), isCurrent };
}

type Part = 'colors' | 'typography' | 'spacing';
const partActions = { colors: 'theme/updateThemeColors', typography: 'theme/updateThemeTypography', spacing: 'theme/updateThemeSpacing' } as const;

function changePart(core: Core, theme: Theme, isCurrent: boolean, part: Part, changes: object): void {
  if (isCurrent) core.dispatch({ type: partActions[part], payload: changes });
  const before: unknown = theme[part];
  updateItem(core, 'theme', theme.id, { [part]: { ...(isObject(before) ? before : {}), ...changes } } as Partial<Theme>);
}

function Swatch({ name, value, onChange }: { name: keyof ThemeColors; value: string; onChange: (value: string) => void }) {
  const rgb = toRgb(value);
  const inputId = `color-${name}`;
  return (
    <div className="swatch">
      <div className="swatch-well" style={rgb ? { background: value, color: toHex(onColor(rgb)) } : {}}>
        {rgb && toHex(rgb)}
        <input type="color" aria-label={`Pick ${name}`} value={rgb ? toHex(rgb) : '#000000'} data-testid={`pick-${name}`} onChange={(event) => onChange(event.target.value)} />
      </div>
      <div className="swatch-text">
        <label htmlFor={inputId}>{name}</label>
        <input id={inputId} className="quiet-input mono" value={value} aria-invalid={!rgb} spellCheck={false} data-testid={inputId} onChange={(event) => onChange(event.target.value)} />
      </div>
    </div>
  );
}

function Range({ label, value, min, max, unit, onChange }: { label: string; value: number; min: number; max: number; unit: string; onChange: (value: number) => void }) {
  return (
    <label className="range">
      <span className="truncate">{label}</span>
      <input type="range" min={min} max={max} value={value} onChange={(event) => onChange(event.target.valueAsNumber)} />
      <output>{value}{unit}</output>
    </label>
  );
}

function Sample() {
  return (
    <div className="theme-preview">
      <h2 className="field-label">Preview</h2>
      <div className="preview-page" aria-hidden>
        <div className="p-page" style={{ minHeight: 0 }}>
          <div className="p-stack">
            <span className="p-badge-look">Summer menu</span>
            <h3 className="p-heading">Bread, baked at four in the morning</h3>
            <p className="p-text p-text-muted">Order until midnight, collect it warm on your way to work.</p>
            <div className="p-row"><span className="p-button-look p-button-look-primary">Order now</span><span className="p-button-look">See the menu</span></div>
          </div>
          <div className="p-grid" style={{ gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' }}>
            <div className="p-stat"><small>Orders today</small><strong>128</strong><em>12 more than yesterday</em></div>
            <div className="p-stat"><small>Sold out at</small><strong>11:40</strong><em>Rye, sesame ring</em></div>
          </div>
          <span className="p-button-look p-button-look-danger">Cancel order</span>
        </div>
      </div>
    </div>
  );
}

export function ThemeEditor({ id }: { id: string }) {
  const core = useCore();
  const { theme, isCurrent } = useTheme(id);
  if (!theme) return null;
  const change = (part: Part, changes: object): void => changePart(core, theme, isCurrent, part, changes);
  const sizes = Object.entries(isObject(theme.typography?.fontSize) ? theme.typography.fontSize : {});
  const scale = Array.isArray(theme.spacing?.scale) ? theme.spacing.scale : [];
  return (
    <>
      <div className="stage-head">
        <Palette size={15} aria-hidden className="faint" />
        <h1 className="truncate grow">{theme.name}</h1>
        {isCurrent ? <span className="badge" style={{ '--tone': 'var(--good)' } as React.CSSProperties}><Check size={12} aria-hidden />In use</span>
          : <button type="button" className="button primary" onClick={() => core.dispatch({ type: 'theme/setCurrentTheme', payload: theme })}>Use this theme</button>}
      </div>
      <div className="stage-body">
        <div className="theme-grid">
          <div>
            <section className="theme-block">
              <h2>Colours</h2>
              <div className="swatches">{colorNames.map((name) => <Swatch key={name} name={name} value={String(theme.colors?.[name] ?? '')} onChange={(value) => change('colors', { [name]: value })} />)}</div>
            </section>
            <section className="theme-block">
              <h2>Type</h2>
              {sizes.map(([name, size]) => (
                <Range key={name} label={name} value={parseFloat(size) || 0} min={8} max={72} unit="px" onChange={(value) => change('typography', { fontSize: { ...theme.typography.fontSize, [name]: `${value}px` } })} />
              ))}
              {sizes.length === 0 && <button type="button" className="button" onClick={() => change('typography', { fontSize: { small: '13px', base: '15px', large: '18px', heading: '28px' } })}>Add the usual sizes</button>}
            </section>
            <section className="theme-block">
              <h2>Spacing</h2>
              <Range label="Unit" value={Number(theme.spacing?.unit) || 0} min={2} max={16} unit="px" onChange={(unit) => change('spacing', { unit })} />
              <div className="space-scale" aria-hidden>{scale.slice(0, 12).map((step, index) => <div key={index}><i style={{ width: Math.min(step, 96), height: Math.min(step, 96) }} />{step}</div>)}</div>
            </section>
          </div>
          {isCurrent && <Sample />}
        </div>
      </div>
    </>
  );
}

export function ThemeInspector({ id }: { id: string }) {
  const core = useCore();
  const { theme, isCurrent } = useTheme(id);
  if (!theme) return null;
  const rename = (name: string): void => {
    updateItem(core, 'theme', id, { name });
    if (isCurrent) core.dispatch({ type: 'theme/setCurrentTheme', payload: { ...theme, name, updatedAt: Date.now() } });
  };
  const setFont = (member: 'fontFamily' | 'headingFamily') => (font: string): void => changePart(core, theme, isCurrent, 'typography', { [member]: font });
  return (
    <>
      <section className="panel">
        <h2 className="panel-title">Theme</h2>
        <TextField label="Name" value={theme.name} onChange={rename} />
        <SelectField label="Text font" value={theme.typography?.fontFamily ?? ''} options={fonts} onChange={setFont('fontFamily')} />
        <SelectField label="Heading font" value={theme.typography?.headingFamily ?? ''} options={fonts} onChange={setFont('headingFamily')} />
        <dl className="facts"><dt>Changed</dt><dd>{timeAgo(theme.updatedAt)}</dd><dt>Id</dt><dd className="mono" title={id}>{id}</dd></dl>
        <p className="faint">The primary colour is also this editor's accent.</p>
      </section>
      <section className="panel">
        <button type="button" className="button danger" onClick={() => removeItem(core, 'theme', id, id)}><Trash2 size={14} aria-hidden />Delete theme</button>
      </section>
    </>
  );
}
