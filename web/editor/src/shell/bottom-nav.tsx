// The panes of a narrow screen, one at a time.
import { PanelsTopLeft, PencilLine, RefreshCw, SlidersHorizontal } from 'lucide-react';
import { pane, usePane, type Pane } from '../navigation';

const tabs: readonly { name: Pane; label: string; icon: typeof RefreshCw }[] = [
  { name: 'browse', label: 'Browse', icon: PanelsTopLeft },
  { name: 'edit', label: 'Edit', icon: PencilLine },
  { name: 'inspect', label: 'Inspect', icon: SlidersHorizontal },
  { name: 'sync', label: 'Sync', icon: RefreshCw },
];

export function BottomNav() {
  const current = usePane();
  return (
    <nav className="bottom-nav" aria-label="Panes">
      {tabs.map(({ name, label, icon: Icon }) => (
        <button key={name} type="button" aria-current={current === name ? 'page' : undefined} data-testid={`pane-${name}`} onClick={() => pane.set(name)}>
          <Icon size={19} aria-hidden />
          <span>{label}</span>
        </button>
      ))}
    </nav>
  );
}
