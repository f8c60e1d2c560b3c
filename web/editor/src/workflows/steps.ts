// A workflow's steps as the graph shows them. Steps come in two shapes (our own, and blocks of imported files); both are read here, and edited where they are.
import type { WorkflowNode } from 'codeforge-core';
import { Bell, Bot, Box, CalendarClock, Clock, Code, Database, FileText, GitBranch, Globe, Mail, MessageSquare, Repeat, StickyNote, Table2, Zap, type LucideIcon } from 'lucide-react';
import { isObject } from '../value-text';

export interface StepKind {
  readonly tone: 'good' | 'blue' | 'warn' | 'violet' | 'teal' | 'faint';
  readonly icon: LucideIcon;
}

const kinds: readonly (readonly [pattern: RegExp, tone: StepKind['tone'], icon: LucideIcon])[] = [
  [/note|comment/i, 'faint', StickyNote], [/schedule|cron|timer/i, 'good', CalendarClock], [/trigger|start|webhook/i, 'good', Zap],
  [/condition|branch|switch|router|\bif\b/i, 'warn', GitBranch], [/loop|parallel|each/i, 'warn', Repeat], [/delay|wait/i, 'warn', Clock],
  [/agent|llm|\bai\b/i, 'violet', Bot], [/mail/i, 'blue', Mail], [/slack|message|chat|sms/i, 'blue', MessageSquare], [/notif|alert/i, 'blue', Bell],
  [/function|code|lambda|script|transform/i, 'teal', Code], [/sheet|table/i, 'blue', Table2], [/database|supabase|sql|store/i, 'blue', Database],
  [/http|api|request|github|web/i, 'blue', Globe], [/file|pdf|doc|notion/i, 'blue', FileText],
];

export function kindOf(type: string): StepKind {
  const found = kinds.find(([pattern]) => pattern.test(type));
  return found ? { tone: found[1], icon: found[2] } : { tone: 'teal', icon: Box };
}

type Named = WorkflowNode & { readonly name?: unknown };

const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value : undefined);
const members = (node: WorkflowNode): Record<string, unknown> => (isObject(node.data) ? node.data : {});

/** Where a step keeps its name: on itself, or in its data. */
export function nameOf(node: WorkflowNode): string {
  const own = members(node);
  return text((node as Named).name) ?? text(own.name) ?? text(own.label) ?? typeText(node.type);
}

export function withName(node: WorkflowNode, name: string): WorkflowNode {
  const own = members(node);
  if (typeof (node as Named).name === 'string') return { ...node, name } as WorkflowNode;
  return { ...node, data: { ...own, [typeof own.name === 'string' ? 'name' : 'label']: name } };
}

/** `google_calendar_v2` reads "Google calendar". */
export function typeText(type: string): string {
  const words = String(type).replace(/_v\d+$/, '').replace(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface Setting {
  readonly key: string;
  readonly value: unknown;
  /** It lies in a block's own list of fields. */
  readonly isSub: boolean;
}

const kMaxSettings = 40;

/** What a step is set to: scalar members of its data, and a block's filled-in fields. */
export function settingsOf(node: WorkflowNode): Setting[] {
  const own = members(node);
  const isBlock = isObject(own.subBlocks);
  const plain = isBlock ? [] : Object.entries(own).filter(([key, value]) => key !== 'label' && key !== 'name' && ['string', 'number', 'boolean'].includes(typeof value));
  const subs = isBlock ? Object.entries(own.subBlocks as Record<string, unknown>).flatMap(([key, sub]) => {
    const value = isObject(sub) ? sub.value : undefined;
    return value === null || value === undefined || value === '' ? [] : [[key, value] as const];
  }) : [];
  return [...plain.map(([key, value]) => ({ key, value, isSub: false })), ...subs.map(([key, value]) => ({ key, value, isSub: true }))].slice(0, kMaxSettings);
}

export function withSetting(node: WorkflowNode, { key, isSub }: Setting, value: unknown): WorkflowNode {
  const own = members(node);
  if (!isSub) return { ...node, data: { ...own, [key]: value } };
  const subs = own.subBlocks as Record<string, Record<string, unknown>>;
  return { ...node, data: { ...own, subBlocks: { ...subs, [key]: { ...subs[key], value } } } };
}

const kMaxSummary = 140;

/** One line about what the step does. */
export function summaryOf(node: WorkflowNode): string {
  const own = members(node);
  const fallback = settingsOf(node).find(({ value }) => typeof value === 'string' && /^[^{[]\S* \S/.test(value.trim()));
  const label = text((node as Named).name) || text(own.name) ? text(own.label) : undefined;
  const line = text(own.description) ?? label ?? text(fallback?.value) ?? '';
  return line.replace(/\s+/g, ' ').slice(0, kMaxSummary);
}

/** The container that a step lies in, and a container's size. Positions inside are relative to it. */
export function nestingOf(node: WorkflowNode): { readonly parentId: string | undefined; readonly size: { readonly width: number; readonly height: number } | undefined } {
  const own = members(node);
  const inner = isObject(own.data) ? own.data : own;
  const { width, height } = inner;
  const isContainer = /loop|parallel/i.test(node.type);
  return {
    parentId: text(inner.parentId),
    size: isContainer && typeof width === 'number' && typeof height === 'number' ? { width: Math.min(width, 4000), height: Math.min(height, 4000) } : undefined,
  };
}

export const isNote = (node: WorkflowNode): boolean => /^(note|comment)$/i.test(node.type);
