// CodeMirror, loaded when the first text is opened.
import { lazy, Suspense } from 'react';
import type { CodeEditorProps } from './code-editor';

const CodeEditor = lazy(() => import('./code-editor'));

export const Code = (props: CodeEditorProps) => (
  <Suspense fallback={<pre className="code code-waiting" aria-busy="true">{props.value}</pre>}>
    <CodeEditor {...props} />
  </Suspense>
);
