// The frame of the editor. It subscribes to the route only; content subscribes for itself.
import { useCore } from 'codeforge-core/react';
import { ToastProvider, Toasts } from 'codeforge-core/components';
import { lazy, Suspense, useEffect } from 'react';
import { useItemIds } from './store-hooks';
import { go, usePane, useRoute, type Route } from './navigation';
import { isPage, pageOf } from './pages';
import type { SectionName } from './sections';
import { BottomNav } from './shell/bottom-nav';
import { DropZone } from './shell/drop-zone';
import { EmptySection } from './shell/empty-section';
import { Sidebar } from './shell/sidebar';
import { StatusBar } from './shell/status-bar';
import { SyncPanel } from './shell/sync-panel';
import { TopBar } from './shell/top-bar';
import { toasts } from './toasts';
import { FileEditor, FileInspector } from './files/file-editor';
import { ModelEditor, ModelInspector } from './models/model-editor';
import { ComponentEditor, ComponentInspector } from './components/component-editor';
import { LambdaEditor, LambdaInspector } from './lambdas/lambda-editor';
import { TreeEditor } from './trees/tree-editor';
import { TreeInspector } from './trees/tree-inspector';
import { ThemeEditor, ThemeInspector } from './theme/theme-editor';
import { WorkflowInspector } from './workflows/workflow-inspector';

const WorkflowEditor = lazy(() => import('./workflows/workflow-editor'));

type View = (props: { id: string }) => React.ReactNode;

const views: Readonly<Record<SectionName, { readonly editor: View; readonly inspector: View }>> = {
  files: { editor: FileEditor, inspector: FileInspector },
  models: { editor: ModelEditor, inspector: ModelInspector },
  components: { editor: ComponentEditor, inspector: ComponentInspector },
  componentTrees: { editor: TreeEditor, inspector: TreeInspector },
  workflows: { editor: (props) => <WorkflowEditor {...props} />, inspector: WorkflowInspector },
  lambdas: { editor: LambdaEditor, inspector: LambdaInspector },
  theme: { editor: ThemeEditor, inspector: ThemeInspector },
};

/** A section without a chosen item shows its first one. */
function useChosenId(route: Route): string | null {
  const isOnPage = isPage(route.section);
  const section = isPage(route.section) ? 'files' : route.section;
  const ids = useItemIds(section);
  const isKnown = route.id !== null && ids.includes(route.id);
  const first = ids[0] ?? null;
  const core = useCore();
  const active = core.getState().theme.currentTheme?.id;
  const fallback = section === 'theme' && active && ids.includes(active) ? active : first;
  useEffect(() => {
    if (!isOnPage && !isKnown && fallback !== null) go({ section, id: fallback }, { replace: true });
  }, [isOnPage, section, isKnown, fallback]);
  return isKnown ? route.id : fallback;
}

function Stage({ route, id }: { route: Route; id: string | null }) {
  if (isPage(route.section)) {
    const { title, view: View } = pageOf(route.section);
    return <main className="stage" aria-label={title}><h1 className="visually-hidden">{title}</h1><div className="stage-body"><div className="stage-pad page-pad"><View id={route.id} /></div></div></main>;
  }
  const Editor = views[route.section].editor;
  return (
    <main className="stage" aria-label="Editor">
      {id === null ? <EmptySection name={route.section} /> : (
        <Suspense fallback={<div className="stage-body" aria-busy="true" />}>
          <Editor key={`${route.section}/${id}`} id={id} />
        </Suspense>
      )}
    </main>
  );
}

export function App({ isAddressFixed }: { isAddressFixed: boolean }) {
  const route = useRoute();
  const pane = usePane();
  const id = useChosenId(route);
  const Inspector = isPage(route.section) ? null : views[route.section].inspector;
  return (
    <ToastProvider toasts={toasts} onReviewConflicts={() => go({ section: 'conflicts' })}>
      <div className={`shell${Inspector ? '' : ' wide'}`} data-pane={pane}>
        <TopBar id={id} />
        <Sidebar currentId={id} />
        <Stage route={route} id={id} />
        {Inspector && (
          <aside className="inspector" aria-label="Inspector">
            {id !== null && <Inspector key={`${route.section}/${id}`} id={id} />}
          </aside>
        )}
        {pane === 'sync' && <aside className="sync-pane" aria-label="Sync"><SyncPanel isAddressFixed={isAddressFixed} /></aside>}
        <StatusBar isAddressFixed={isAddressFixed} />
        <BottomNav />
        <Toasts />
        <DropZone />
      </div>
    </ToastProvider>
  );
}
