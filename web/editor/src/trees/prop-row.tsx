// One property with the control of its kind; what is neither text, number nor yes-or-no is edited as JSON.
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton, Switch } from '../ui';

function JsonInput({ name, value, onChange }: { name: string; value: unknown; onChange: (value: unknown) => void }) {
  const shown = JSON.stringify(value, null, 1) ?? '';
  const [draft, setDraft] = useState(shown);
  const [isBad, setBad] = useState(false);
  useEffect(() => {
    setDraft(shown);
    setBad(false);
  }, [shown]);
  const commit = (): void => {
    if (draft === shown) return;
    try {
      onChange(JSON.parse(draft) as unknown);
      setBad(false);
    } catch {
      setBad(true);
    }
  };
  return (
    <>
      <textarea className={`input mono${isBad ? ' bad' : ''}`} aria-label={name} aria-invalid={isBad} rows={Math.min(8, draft.split('\n').length)} value={draft} spellCheck={false}
        onChange={(event) => setDraft(event.target.value)} onBlur={commit} />
      {isBad && <small className="field-error">This is not JSON yet; the old value is kept.</small>}
    </>
  );
}

function NumberInput({ name, value, onChange }: { name: string; value: number; onChange: (value: number) => void }) {
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft((before) => (Number(before) === value && before !== '' ? before : String(value))), [value]);
  return (
    <input type="number" step="any" className="input" aria-label={name} value={draft}
      onChange={(event) => {
        setDraft(event.target.value);
        if (event.target.value !== '' && Number.isFinite(event.target.valueAsNumber)) onChange(event.target.valueAsNumber);
      }}
      onBlur={() => setDraft(String(value))} />
  );
}

export function PropRow({ name, value, onChange, onRemove }: { name: string; value: unknown; onChange: (value: unknown) => void; onRemove?: () => void }) {
  const control = typeof value === 'boolean' ? <Switch label={name} checked={value} onChange={onChange} />
    : typeof value === 'number' ? <NumberInput name={name} value={value} onChange={onChange} />
      : typeof value === 'string' ? <input className="input" aria-label={name} value={value} onChange={(event) => onChange(event.target.value)} />
        : <JsonInput name={name} value={value} onChange={onChange} />;
  return (
    <div className={`prop-row${typeof value === 'object' ? ' tall' : ''}`} data-testid={`prop-${name}`}>
      <span className="mono truncate" title={name}>{name}</span>
      <div className={onRemove ? 'removable' : ''}>
        {control}
        {onRemove && <IconButton icon={X} label={`Remove ${name}`} size={13} className="small" onClick={onRemove} />}
      </div>
    </div>
  );
}
