// The parts that all components are made of. They hold no state of the core.
import { useEffect, useId, useReducer, type ButtonHTMLAttributes, type ReactElement, type ReactNode } from 'react';
import { timeAgo } from './format.js';
import { Icon, type IconName } from './icon.js';

export type Tone = 'plain' | 'good' | 'busy' | 'warn' | 'bad';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: IconName;
  kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** The icon turns, and the button says that it is busy. */
  isBusy?: boolean;
}

export function Button({ icon, kind = 'plain', isBusy = false, children, className = '', ...rest }: ButtonProps): ReactElement {
  return (
    <button type="button" className={`cf-button cf-${kind} ${className}`} aria-busy={isBusy || undefined} {...rest}>
      {icon && <Icon name={isBusy ? 'refresh' : icon} size={15} />}
      {children}
    </button>
  );
}

export interface CardProps {
  title: string;
  icon: IconName;
  /** Stands at the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
  tone?: Tone;
  className?: string;
}

export function Card({ title, icon, aside, children, tone = 'plain', className = '' }: CardProps): ReactElement {
  const id = useId();
  return (
    <section className={`cf-card ${className}`} data-tone={tone} aria-labelledby={id}>
      <header className="cf-card-head">
        <Icon name={icon} />
        <h3 id={id}>{title}</h3>
        {aside && <div className="cf-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }): ReactElement {
  return <span className="cf-badge" data-tone={tone}>{children}</span>;
}

/** Names with their values, in rows. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ReactNode] | false)[] }): ReactElement {
  return (
    <dl className="cf-facts">
      {rows.map((row) => row && <div key={row[0]}><dt>{row[0]}</dt><dd>{row[1]}</dd></div>)}
    </dl>
  );
}

/** One number with its name. */
export function Stat({ name, value, note, tone = 'plain' }: { name: string; value: ReactNode; note?: string | undefined; tone?: Tone }): ReactElement {
  return <div className="cf-stat" data-tone={tone}><dt>{name}</dt><dd>{value}{note && <small>{note}</small>}</dd></div>;
}

export interface SwitchProps {
  label: string;
  note?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, note, checked, onChange }: SwitchProps): ReactElement {
  const id = useId();
  return (
    <label className="cf-switch" htmlFor={id}>
      <span>{label}{note && <small>{note}</small>}</span>
      <input id={id} type="checkbox" role="switch" aria-checked={checked} checked={checked} onChange={(event) => onChange(event.target.checked)} />
    </label>
  );
}

/** `value` of `max`; without a value it only shows that something goes on. */
export function Progress({ label, value, max }: { label: string; value?: number | undefined; max?: number | undefined }): ReactElement {
  const isKnown = value !== undefined && max !== undefined && max > 0;
  const share = isKnown ? Math.min(1, value / max) : undefined;
  return (
    <div className="cf-progress" role="progressbar" aria-label={label} {...(isKnown ? { 'aria-valuemin': 0, 'aria-valuemax': max, 'aria-valuenow': value } : {})}>
      <div className={share === undefined ? 'cf-unknown' : ''} style={share === undefined ? undefined : { width: `${share * 100}%` }} />
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="cf-empty">
      <Icon name={icon} size={22} />
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  );
}

/** A message in the flow of the page. `isAlert`: a screen reader says it at once. */
export function Notice({ tone, title, children, actions, isAlert = false }: { tone: Tone; title: string; children?: ReactNode; actions?: ReactNode; isAlert?: boolean }): ReactElement {
  return (
    <div className="cf-notice" data-tone={tone} role={isAlert ? 'alert' : undefined}>
      <Icon name={tone === 'good' ? 'check' : tone === 'plain' || tone === 'busy' ? 'note' : 'alert'} />
      <div className="cf-notice-text"><strong>{title}</strong>{children}</div>
      {actions && <div className="cf-row">{actions}</div>}
    </div>
  );
}

const kFreshMs = 60_000;

/** "2 minutes ago", kept true as time goes by. */
export function TimeAgo({ time }: { time: number | null | undefined }): ReactElement {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const isFresh = typeof time === 'number' && Math.abs(Date.now() - time) < kFreshMs;
  useEffect(() => {
    if (!time) return;
    const timer = setInterval(tick, isFresh ? 1_000 : 15_000);
    return () => clearInterval(timer);
  }, [time, isFresh]);
  return time ? <time dateTime={new Date(time).toISOString()} title={new Date(time).toLocaleString()}>{timeAgo(time)}</time> : <>never</>;
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
