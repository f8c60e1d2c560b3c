// The tree as it will look: plain elements from the allow-list, in the project's theme. Nothing in it runs, loads or submits.
import type { ComponentTreeNode } from 'codeforge-core';
import { createElement, memo, type MouseEvent, type ReactNode } from 'react';
import { selectNode, useRoutePart } from '../navigation';
import { isObject } from '../value-text';
import { nodeTypeOf } from './node-types';
import { styleOf } from './preview-style';
import { childNodes, labelOf, maxDepth, textOf } from './tree-edit';

const isVoid = (element: string): boolean => element === 'input' || element === 'textarea' || element === 'hr' || element === 'img';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const word = (value: unknown): string => (typeof value === 'string' && /^[\w-]{1,24}$/.test(value) ? value : '');

/** Pictures come with the project or not at all: a preview must not call other servers. */
const isEmbedded = (source: unknown): source is string => typeof source === 'string' && /^data:image\/(png|jpeg|webp|gif|avif);base64,/.test(source);

function Stat({ props }: { props: Readonly<Record<string, unknown>> }) {
  return <><small>{text(props.label) ?? ''}</small><strong>{text(props.value) ?? String(props.value ?? '')}</strong>{text(props.change) && <em>{text(props.change)}</em>}</>;
}

function content(node: ComponentTreeNode, depth: number): ReactNode {
  const props = isObject(node.props) ? node.props : {};
  const type = String(node.type).toLowerCase();
  const children = childNodes(node);
  const own = type === 'stat' ? <Stat props={props} /> : textOf({ ...node, props })?.text ?? text((node as { children?: unknown }).children);
  if (children.length === 0) return own ?? null;
  if (depth + 1 >= maxDepth) return <span className="p-unknown">Deeper nodes are not shown</span>;
  return <>{own}{children.map((child, index) => <PreviewNode key={`${child.id}/${index}`} node={child} depth={depth + 1} />)}</>;
}

const PreviewNode = memo(function PreviewNode({ node, depth }: { node: ComponentTreeNode; depth: number }) {
  const isSelected = useRoutePart((route) => route.node === node.id);
  const props = isObject(node.props) ? node.props : {};
  const known = nodeTypeOf(String(node.type));
  const select = (event: MouseEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    selectNode(node.id);
  };
  const common = { 'data-node': node.id, 'data-label': labelOf(node), 'data-selected': isSelected || undefined, onClick: select, style: styleOf(props) };
  if (!known) {
    return <div {...common} className="p-unknown"><span>{String(node.type)}</span>{content(node, depth)}</div>;
  }
  const { element, look } = known;
  const className = ['p-node', look && `p-${look}`, look && word(props.variant) && `p-${look}-${word(props.variant)}`, childNodes(node).length === 0 && !textOf(node) ? 'p-bare' : ''].filter(Boolean).join(' ');
  if (element === 'img') {
    return isEmbedded(props.src)
      ? <img {...common} className={className} src={props.src} alt={text(props.alt) ?? ''} />
      : <span {...common} className={`${className} p-picture`} role="img" aria-label={text(props.alt) ?? 'Picture'}>{text(props.alt) ?? 'Picture'}</span>;
  }
  const more = element === 'input' || element === 'textarea' ? { readOnly: true, tabIndex: -1, placeholder: text(props.placeholder) ?? text(props.label) ?? '', 'aria-label': text(props.label) ?? labelOf(node) }
    : element === 'button' ? { type: 'button' as const, tabIndex: -1 } : {};
  return createElement(element, { ...common, ...more, className }, ...(isVoid(element) ? [] : [content(node, depth)]));
});

export const Preview = memo(function Preview({ root }: { root: ComponentTreeNode }) {
  return (
    <div className="preview-scroll" role="region" aria-label="Preview" tabIndex={0}>
      <div className="preview-page" data-testid="preview"><PreviewNode node={root} depth={0} /></div>
    </div>
  );
});
