// Left: the sections with their counts, and the items of the chosen one.
import { ConflictIndicator } from 'codeforge-core/components';
import { useCore } from 'codeforge-core/react';
import { Pencil, Plus, Search, Trash2 } from 'lucide-react';
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import { pane, routeHash, useRoutePart } from '../navigation';
import { isPage, pages, type Page } from '../pages';
import { sectionOf, sections, type Section, type SectionItem, type SectionName } from '../sections';
import { addItem, removeItem, updateItem, useItemCount, useItemIds, useItemPart } from '../store-hooks';
import { IconButton, moveFocus } from '../ui';

/** Fewer items are seen at a glance. */
const kFilterFrom = 9;

const SectionLink = memo(function SectionLink({ section, isCurrent }: { section: Section; isCurrent: boolean }) {
  const count = useItemCount(section.name);
  const Icon = section.icon;
  return (
    <a className="section-link" href={routeHash({ section: section.name })} aria-current={isCurrent ? 'page' : undefined} data-testid={`section-${section.name}`}>
      <Icon size={16} aria-hidden />
      {section.title}
      <span className="count" data-testid={`count-${section.name}`}>{count}</span>
    </a>
  );
});

function PageLink({ page: { name, title, icon: Icon }, isCurrent }: { page: Page; isCurrent: boolean }) {
  return (
    <a className="section-link" href={routeHash({ section: name })} aria-current={isCurrent ? 'page' : undefined} data-testid={`page-${name}`} onClick={() => pane.set('edit')}>
      <Icon size={16} aria-hidden />
      {title}
      {name === 'conflicts' && <span className="page-sign"><ConflictIndicator variant="compact" /></span>}
    </a>
  );
}

function RenameInput({ name, value, onDone }: { name: string; value: string; onDone: (value: string | null) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const { current } = input;
    current?.focus();
    const dot = value.lastIndexOf('.');
    current?.setSelectionRange(0, dot > 0 ? dot : value.length);
  }, [value]);
  return (
    <input ref={input} className="quiet-input" aria-label={`Name of ${name}`} defaultValue={value} data-testid="rename"
      onBlur={(event) => onDone(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') onDone(null);
        event.stopPropagation();
      }} />
  );
}

interface RowProps {
  section: SectionName;
  id: string;
  isCurrent: boolean;
  filter: string;
  isRenaming: boolean;
  setRenaming: (id: string | null) => void;
}

const nameOf = (item: { name: string } | undefined): string => item?.name ?? '';

/** Subscribes to its name and detail only, so typing in a file does not touch the list. */
const ItemRow = memo(function ItemRow({ section, id, isCurrent, filter, isRenaming, setRenaming }: RowProps) {
  const core = useCore();
  const name = useItemPart(section, id, nameOf);
  const detail = useItemPart(section, id, useCallback((item: SectionItem | undefined) => (item ? sectionOf(section).detail(item) : ''), [section]));
  if (filter && !`${name} ${detail}`.toLowerCase().includes(filter)) return null;
  const rename = (value: string | null): void => {
    setRenaming(null);
    const next = value?.trim();
    if (!next || next === name) return;
    const path = section === 'files' ? core.read('files', id)?.path : undefined;
    const moved = path !== undefined && path.endsWith(name) ? { path: path.slice(0, -name.length) + next } : {};
    updateItem(core, section, id, { name: next, ...moved });
  };
  return (
    <li className={`item-row${isCurrent ? ' current' : ''}`} data-testid="item-row" data-id={id}>
      {isRenaming ? <RenameInput name={name} value={name} onDone={rename} /> : (
        <a className="item-link" href={routeHash({ section, id })} aria-current={isCurrent ? 'true' : undefined}
          onClick={() => pane.set('edit')} onDoubleClick={() => setRenaming(id)}
          onKeyDown={(event) => {
            if (event.key === 'F2') setRenaming(id);
            if (event.key === 'Delete') removeItem(core, section, id, isCurrent ? id : null);
          }}>
          <span className="truncate">{name || 'Untitled'}</span>
          {detail && <small className="truncate">{detail}</small>}
        </a>
      )}
      {!isRenaming && (
        <span className="item-actions">
          <IconButton icon={Pencil} label={`Rename ${name}`} size={13} className="small" onClick={() => setRenaming(id)} />
          <IconButton icon={Trash2} label={`Delete ${name}`} size={13} className="small" onClick={() => removeItem(core, section, id, isCurrent ? id : null)} />
        </span>
      )}
    </li>
  );
});

function ItemList({ name, currentId }: { name: SectionName; currentId: string | null }) {
  const core = useCore();
  const ids = useItemIds(name);
  const section = sectionOf(name);
  const [filter, setFilter] = useState('');
  const [renaming, setRenaming] = useState<string | null>(null);
  return (
    <>
      <div className="list-head">
        <h2>{section.title}</h2>
        <IconButton icon={Plus} label={`New ${section.one}`} className="small" data-testid="add-item" onClick={() => { setFilter(''); setRenaming(addItem(core, name)); }} />
      </div>
      {ids.length >= kFilterFrom && (
        <div className="list-filter">
          <Search size={14} aria-hidden />
          <input className="input" type="search" placeholder="Filter" aria-label={`Filter ${section.title.toLowerCase()}`} value={filter} onChange={(event) => setFilter(event.target.value)} />
        </div>
      )}
      <ul className="item-list" aria-label={section.title} onKeyDown={(event) => moveFocus(event, '.item-link')}>
        {ids.map((id) => (
          <ItemRow key={id} section={name} id={id} isCurrent={id === currentId} filter={filter.toLowerCase()} isRenaming={renaming === id} setRenaming={setRenaming} />
        ))}
        {ids.length === 0 && <li className="list-note">Nothing here yet.</li>}
      </ul>
    </>
  );
}

export function Sidebar({ currentId }: { currentId: string | null }) {
  const current = useRoutePart((route) => route.section);
  const [shown, setShown] = useState<SectionName>('files');
  // A page belongs to no section: the list stays as it was.
  if (!isPage(current) && current !== shown) setShown(current);
  const listed = isPage(current) ? shown : current;
  return (
    <aside className="sidebar" aria-label="Project">
      <nav className="section-nav" aria-label="Sections" onKeyDown={(event) => moveFocus(event, '.section-link')}>
        {sections.map((section) => <SectionLink key={section.name} section={section} isCurrent={section.name === current} />)}
      </nav>
      <ItemList key={listed} name={listed} currentId={isPage(current) ? null : currentId} />
      <nav className="section-nav page-nav" aria-label="Workspace" onKeyDown={(event) => moveFocus(event, '.section-link')}>
        {pages.map((page) => <PageLink key={page.name} page={page} isCurrent={page.name === current} />)}
      </nav>
    </aside>
  );
}

