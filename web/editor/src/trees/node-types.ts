// Which element a node type becomes in the preview. Only what stands here is ever created; every other type is a labelled box.
import { Box, CircleUserRound, Frame, Heading, Image, LayoutGrid, Link, List, Minus, MousePointerClick, RectangleEllipsis, SquareStack, Table, Tag, Type, type LucideIcon } from 'lucide-react';

export interface NodeType {
  readonly element: 'div' | 'section' | 'header' | 'footer' | 'main' | 'nav' | 'aside' | 'article' | 'form' | 'ul' | 'ol' | 'li' | 'p' | 'span' | 'h1' | 'h2' | 'h3' | 'h4' | 'strong' | 'em' | 'small' | 'label' | 'code' | 'pre' | 'blockquote' | 'button' | 'a' | 'input' | 'textarea' | 'hr' | 'img' | 'table' | 'thead' | 'tbody' | 'tr' | 'th' | 'td';
  /** Class of the preview's own stylesheet. */
  readonly look: string;
  readonly icon: LucideIcon;
}

const type = (element: NodeType['element'], look: string, icon: LucideIcon): NodeType => ({ element, look, icon });

const table: Readonly<Record<string, NodeType>> = {
  page: type('main', 'page', Frame), fragment: type('div', 'stack', Frame), section: type('section', 'stack', Frame), container: type('div', 'container', Frame),
  header: type('header', 'header', Frame), footer: type('footer', 'footer', Frame), main: type('main', 'stack', Frame), nav: type('nav', 'row', Frame),
  aside: type('aside', 'stack', Frame), article: type('article', 'stack', Frame), form: type('form', 'stack', Frame), appbar: type('header', 'header', Frame), toolbar: type('div', 'row', Frame),
  box: type('div', 'plain', Box), div: type('div', 'plain', Box), paper: type('div', 'card', SquareStack),
  stack: type('div', 'stack', SquareStack), column: type('div', 'stack', SquareStack), row: type('div', 'row', SquareStack), flex: type('div', 'row', SquareStack),
  grid: type('div', 'grid', LayoutGrid), card: type('article', 'card', SquareStack), stat: type('div', 'stat', Type),
  heading: type('h2', 'heading', Heading), title: type('h2', 'heading', Heading), h1: type('h1', 'heading', Heading), h2: type('h2', 'heading', Heading),
  h3: type('h3', 'subheading', Heading), h4: type('h4', 'subheading', Heading),
  text: type('p', 'text', Type), p: type('p', 'text', Type), typography: type('p', 'text', Type), span: type('span', 'inline', Type), label: type('label', 'inline', Type),
  strong: type('strong', 'inline', Type), em: type('em', 'inline', Type), small: type('small', 'caption', Type), caption: type('small', 'caption', Type),
  code: type('code', 'code-text', Type), pre: type('pre', 'code-text', Type), blockquote: type('blockquote', 'quote', Type), quote: type('blockquote', 'quote', Type),
  button: type('button', 'button-look', MousePointerClick), iconbutton: type('button', 'button-look', MousePointerClick), link: type('a', 'link', Link), a: type('a', 'link', Link),
  input: type('input', 'field-look', RectangleEllipsis), textfield: type('input', 'field-look', RectangleEllipsis), textarea: type('textarea', 'field-look', RectangleEllipsis),
  image: type('img', 'image', Image), img: type('img', 'image', Image), badge: type('span', 'badge-look', Tag), chip: type('span', 'badge-look', Tag), avatar: type('span', 'avatar', CircleUserRound),
  list: type('ul', 'list', List), ul: type('ul', 'list', List), ol: type('ol', 'list', List), listitem: type('li', 'list-item', List), li: type('li', 'list-item', List),
  divider: type('hr', 'divider', Minus), separator: type('hr', 'divider', Minus), hr: type('hr', 'divider', Minus),
  table: type('table', 'table-look', Table), thead: type('thead', '', Table), tbody: type('tbody', '', Table), tr: type('tr', '', Table), th: type('th', '', Table), td: type('td', '', Table),
};

export const nodeTypeOf = (name: string): NodeType | undefined => {
  const key = name.toLowerCase();
  return Object.hasOwn(table, key) ? table[key] : undefined;
};

/** What "add" offers, with the properties that make it visible at once. */
export const offeredTypes: readonly { readonly type: string; readonly props: Record<string, unknown> }[] = [
  { type: 'Heading', props: { text: 'Heading' } }, { type: 'Text', props: { text: 'Some text' } }, { type: 'Button', props: { text: 'Button', variant: 'primary' } },
  { type: 'Stack', props: { gap: 2 } }, { type: 'Row', props: { gap: 2 } }, { type: 'Grid', props: { columns: 2, gap: 2 } }, { type: 'Card', props: {} },
  { type: 'Input', props: { placeholder: 'Type here' } }, { type: 'Badge', props: { text: 'New' } }, { type: 'Image', props: { alt: 'Picture' } }, { type: 'Link', props: { text: 'Link' } }, { type: 'Divider', props: {} },
];
