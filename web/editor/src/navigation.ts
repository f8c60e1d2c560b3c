// Where the user is, kept in the address: `#/<section>/<item>/<node>`. Back, reload and links work by themselves.
import { Observable, useObservable, useObservablePart } from './observable';
import { isPage, type PageName } from './pages';
import { sections, type SectionName } from './sections';

export interface Route {
  readonly section: SectionName | PageName;
  readonly id: string | null;
  /** The selected node of a tree or step of a workflow. */
  readonly node: string | null;
}

/** Which pane a narrow screen shows. */
export type Pane = 'browse' | 'edit' | 'inspect' | 'sync';

function decode(part: string | undefined): string | null {
  if (!part) return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parseRoute(hash: string): Route {
  const [section, id, node] = hash.replace(/^#\/?/, '').split('/');
  if (isPage(section)) return { section, id: decode(id), node: null };
  const known = sections.find((candidate) => candidate.name === section);
  return known ? { section: known.name, id: decode(id), node: decode(node) } : { section: 'files', id: null, node: null };
}

export function routeHash({ section, id, node }: Partial<Route> & Pick<Route, 'section'>): string {
  const parts = [section, ...(id ? [id, ...(node ? [node] : [])] : [])];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export const route = new Observable<Route>(parseRoute(location.hash));
export const pane = new Observable<Pane>('edit');

window.addEventListener('hashchange', () => route.set(parseRoute(location.hash)));

/** Goes to an item. `replace` keeps the step out of the history, for selections within an item. */
export function go(to: Partial<Route> & Pick<Route, 'section'>, { replace = false } = {}): void {
  const hash = routeHash(to);
  if (hash !== location.hash) history[replace ? 'replaceState' : 'pushState'](null, '', hash);
  route.set(parseRoute(hash));
}

export const useRoute = (): Route => useObservable(route);
export const useRoutePart = <Part,>(part: (value: Route) => Part): Part => useObservablePart(route, part);
export const usePane = (): Pane => useObservable(pane);

/** Selects a node within the item that is open. */
export function selectNode(node: string | null): void {
  const { section, id } = route.get();
  go({ section, id, node }, { replace: true });
}
