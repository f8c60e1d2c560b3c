// The few controls that every part shares.
import { ChevronDown, type LucideIcon } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ButtonHTMLAttributes, type ReactNode } from 'react';

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  icon: LucideIcon;
  label: string;
  size?: number;
}

export function IconButton({ icon: Icon, label, size = 16, className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon size={size} aria-hidden />
    </button>
  );
}

export function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  multiline?: boolean;
  mono?: boolean;
  placeholder?: string;
  list?: string;
  testId?: string;
}

export function TextField({ label, value, onChange, multiline, mono, testId, ...rest }: TextFieldProps) {
  const className = `input${mono ? ' mono' : ''}`;
  return (
    <Field label={label}>
      {(id) => multiline
        ? <textarea id={id} className={className} value={value} rows={3} data-testid={testId} onChange={(event) => onChange(event.target.value)} {...rest} />
        : <input id={id} className={className} value={value} data-testid={testId} spellCheck={!mono} autoComplete="off" onChange={(event) => onChange(event.target.value)} {...rest} />}
    </Field>
  );
}

export function SelectField({ label, value, options, onChange }: { label: string; value: string; options: readonly string[]; onChange: (value: string) => void }) {
  const all = options.includes(value) ? options : [value, ...options];
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
          {all.map((option) => <option key={option} value={option}>{option || '—'}</option>)}
        </select>
      )}
    </Field>
  );
}

export function Switch({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return <button type="button" role="switch" className="switch" aria-checked={checked} aria-label={label} onClick={() => onChange(!checked)} />;
}

export function Empty({ icon: Icon, title, text, children }: { icon: LucideIcon; title: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon aria-hidden />
      <h3>{title}</h3>
      <p>{text}</p>
      {children && <div className="row">{children}</div>}
    </div>
  );
}

/** Closes on Escape and on a press outside, and gives the focus back. */
export function usePopover<Anchor extends HTMLElement>(): { isOpen: boolean; setOpen: (open: boolean) => void; anchor: React.RefObject<Anchor | null> } {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<Anchor>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onPress = (event: PointerEvent): void => {
      if (!anchor.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      anchor.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, [isOpen]);
  return { isOpen, setOpen, anchor };
}

/** Arrow keys, Home and End move the focus among the elements that match `selector`. */
export function moveFocus(event: React.KeyboardEvent<HTMLElement>, selector: string): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (step === undefined) return;
  const elements = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const at = elements.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  elements[Math.min(elements.length - 1, Math.max(0, at + step))]?.focus();
}

interface MenuProps {
  label: ReactNode;
  name: string;
  buttonClass?: string;
  align?: 'left' | 'right';
  testId?: string;
  children: (close: () => void) => ReactNode;
}

export function Menu({ label, name, buttonClass = 'project-button', align = 'left', testId, children }: MenuProps) {
  const { isOpen, setOpen, anchor } = usePopover<HTMLDivElement>();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) list.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
  }, [isOpen]);
  return (
    <div className="menu-anchor" ref={anchor}>
      <button type="button" className={buttonClass} aria-haspopup="menu" aria-expanded={isOpen} aria-label={name} data-testid={testId} onClick={() => setOpen(!isOpen)}>
        {label}
        <ChevronDown size={14} aria-hidden className="faint" />
      </button>
      {isOpen && (
        <div className={`menu ${align}`} role="menu" aria-label={name} ref={list} onKeyDown={(event) => moveFocus(event, '[role^="menuitem"]')}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}
