// The sections of the editor: which slice each shows, how its items are listed, and how a new one begins.
import type { Items, RootState } from 'codeforge-core';
import { Blocks, Braces, Database, FileCode2, ListTree, Palette, Workflow, type LucideIcon } from 'lucide-react';
import { newId } from './new-id';

export type SectionName = 'files' | 'models' | 'components' | 'componentTrees' | 'workflows' | 'lambdas' | 'theme';
export type SectionItem = Items[SectionName];

export interface Section {
  readonly name: SectionName;
  readonly title: string;
  /** What one item is called. */
  readonly one: string;
  readonly icon: LucideIcon;
  readonly items: (state: RootState) => readonly SectionItem[];
  /** Secondary text of a row. */
  readonly detail: (item: SectionItem) => string;
  readonly create: (names: ReadonlySet<string>) => SectionItem;
}

function freeName(names: ReadonlySet<string>, stem: string, suffix = ''): string {
  for (let number = 1; ; number++) {
    const name = `${stem}${number === 1 ? '' : `-${number}`}${suffix}`;
    if (!names.has(name)) return name;
  }
}

function folderOf({ name, path }: Items['files']): string {
  const folder = path.endsWith(`/${name}`) ? path.slice(0, -name.length - 1) : path === name ? '' : path;
  return folder.replace(/^\//, '');
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

export const starterTheme = (name: string): Items['theme'] => ({
  id: newId('theme'),
  name,
  colors: {
    primary: '#5b5bd6', secondary: '#0f766e', accent: '#30a46c', background: '#ffffff',
    foreground: '#1c2024', muted: '#60646c', destructive: '#ce2c31', border: '#d9d9e0',
  },
  typography: {
    fontFamily: 'Inter', headingFamily: 'Inter',
    fontSize: { small: '13px', base: '15px', large: '18px', heading: '28px' }, fontWeight: { normal: 400, medium: 500, bold: 650 },
  },
  spacing: { unit: 8, scale: [0, 4, 8, 12, 16, 24, 32, 48] },
  updatedAt: Date.now(),
});

export const sections: readonly Section[] = [
  {
    name: 'files', title: 'Files', one: 'file', icon: FileCode2, items: (state) => state.files.files,
    detail: (item) => folderOf(item as Items['files']),
    create: (names) => {
      const name = freeName(names, 'untitled', '.ts');
      return { id: newId('file'), name, path: `/src/${name}`, language: 'typescript', content: '', updatedAt: Date.now() };
    },
  },
  {
    name: 'models', title: 'Models', one: 'model', icon: Database, items: (state) => state.models.models,
    detail: (item) => count((item as Items['models']).fields?.length ?? 0, 'field'),
    create: (names) => ({
      id: newId('model'), name: freeName(names, 'Model'),
      fields: [{ id: newId('field'), name: 'id', type: 'string', required: true }], updatedAt: Date.now(),
    }),
  },
  {
    name: 'components', title: 'Components', one: 'component', icon: Blocks, items: (state) => state.components.components,
    detail: (item) => (item as Items['components']).type,
    create: (names) => {
      const name = freeName(names, 'Component').replace('-', '');
      return { id: newId('component'), name, type: 'atom', code: `export function ${name}() {\n  return <div />;\n}\n`, props: [], updatedAt: Date.now() };
    },
  },
  {
    name: 'componentTrees', title: 'Trees', one: 'tree', icon: ListTree, items: (state) => state.componentTrees.trees,
    detail: (item) => (item as Items['componentTrees']).root?.type ?? '',
    create: (names) => ({
      id: newId('tree'), name: freeName(names, 'Page'),
      root: { id: newId('node'), type: 'Page', props: {}, children: [{ id: newId('node'), type: 'Heading', props: { text: 'New page' } }] },
      updatedAt: Date.now(),
    }),
  },
  {
    name: 'workflows', title: 'Workflows', one: 'workflow', icon: Workflow, items: (state) => state.workflows.workflows,
    detail: (item) => count((item as Items['workflows']).nodes?.length ?? 0, 'step'),
    create: (names) => ({
      id: newId('workflow'), name: freeName(names, 'Workflow'),
      nodes: [{ id: newId('step'), type: 'trigger', position: { x: 80, y: 120 }, data: { label: 'When this happens' } }], edges: [], updatedAt: Date.now(),
    }),
  },
  {
    name: 'lambdas', title: 'Lambdas', one: 'lambda', icon: Braces, items: (state) => state.lambdas.lambdas,
    detail: (item) => (item as Items['lambdas']).runtime,
    create: (names) => ({
      id: newId('lambda'), name: freeName(names, 'handler'), runtime: 'nodejs20.x', handler: 'index.handler',
      code: 'export async function handler(event) {\n  return { statusCode: 200, body: JSON.stringify({ ok: true }) };\n}\n', updatedAt: Date.now(),
    }),
  },
  {
    name: 'theme', title: 'Theme', one: 'theme', icon: Palette, items: (state) => state.theme.themes,
    detail: () => '',
    create: (names) => starterTheme(freeName(names, 'Theme')),
  },
];

export const sectionOf = (name: SectionName): Section => sections.find((section) => section.name === name)!;
