// A CodeMirror surface for one text. It reports every change, and takes changes from outside (a pull) without moving the cursor away.
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { codeTheme } from './code-theme';
import { loadLanguage } from './languages';

export interface CodeEditorProps {
  value: string;
  /** Decides the language by its extension. */
  name: string;
  /** The language that the item states, for names without an extension. */
  language: string;
  label: string;
  onChange: (value: string) => void;
}

const fromOutside = Annotation.define<boolean>();

/** Line breaks of the text stay what they are; a mixture is shown and kept as it is. */
function lineBreaks(text: string): Extension {
  if (!text.includes('\r')) return [];
  return EditorState.lineSeparator.of(/(^|[^\r])\n|\r(?!\n)/.test(text) ? '\n' : '\r\n');
}

/** The smallest replacement that turns one text into the other, so that cursor and undo history survive. */
function difference(from: string, to: string): { from: number; to: number; insert: string } {
  const least = Math.min(from.length, to.length);
  let start = 0;
  while (start < least && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let end = 0;
  while (end < least - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) end++;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}

const setup: Extension = [
  lineNumbers(), foldGutter(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(),
  indentOnInput(), bracketMatching(), closeBrackets(), highlightSelectionMatches(),
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
  codeTheme,
];

export default function CodeEditor({ value, name, language, label, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const report = useRef(onChange);
  const known = useRef(value);
  const languageSlot = useRef(new Compartment());
  report.current = onChange;

  useEffect(() => {
    const editor = new EditorView({
      parent: host.current!,
      doc: known.current,
      extensions: [
        lineBreaks(known.current), setup, languageSlot.current.of([]),
        EditorView.contentAttributes.of({ 'aria-label': label, 'data-testid': 'code' }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.some((transaction) => transaction.annotation(fromOutside))) return;
          known.current = update.state.sliceDoc();
          report.current(known.current);
        }),
      ],
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [label]);

  useEffect(() => {
    let isCurrent = true;
    void loadLanguage(name, language).then((extension) => {
      if (isCurrent) view.current?.dispatch({ effects: languageSlot.current.reconfigure(extension) });
    });
    return () => {
      isCurrent = false;
    };
  }, [name, language]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || value === known.current) return;
    known.current = value;
    // Positions count a line break as one, whatever it is in the text.
    const shown = editor.state.lineBreak === '\n' ? value : value.replaceAll(editor.state.lineBreak, '\n');
    editor.dispatch({ changes: difference(editor.state.doc.toString(), shown), annotations: fromOutside.of(true) });
  }, [value]);

  return <div className="code" ref={host} />;
}
