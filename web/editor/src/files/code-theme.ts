// CodeMirror in the editor's own colours. They are CSS variables, so dark and light need no second theme.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword, tags.moduleKeyword], color: 'var(--violet)' },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.color], color: 'var(--warn)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--blue)' },
  { tag: [tags.typeName, tags.className, tags.namespace, tags.tagName], color: 'var(--teal)' },
  { tag: [tags.propertyName, tags.attributeName, tags.labelName], color: 'var(--text-soft)' },
  { tag: [tags.comment, tags.meta, tags.documentMeta], color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.operator, tags.angleBracket], color: 'var(--text-faint)' },
  { tag: [tags.regexp, tags.escape], color: 'var(--bad)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--text)', fontSize: 'var(--size-3)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: '1.62', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '14px 0 40vh', caretColor: 'var(--accent-text)' },
  '.cm-line': { padding: '0 24px 0 10px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-faint)', border: 'none', paddingLeft: '10px' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklch, var(--text) 4%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent-text)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in oklch, var(--accent) 34%, transparent)' },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in oklch, var(--accent) 20%, transparent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'color-mix(in oklch, var(--accent) 26%, transparent)', outline: 'none' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-panels input, .cm-panels button, .cm-button': { backgroundColor: 'var(--ground)', backgroundImage: 'none', border: '1px solid var(--line-strong)', borderRadius: '5px', color: 'var(--text)' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in oklch, var(--warn) 30%, transparent)' },
});

export const codeTheme = [look, syntaxHighlighting(highlight)];
