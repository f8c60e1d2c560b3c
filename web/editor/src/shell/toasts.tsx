// Short messages that go away by themselves, with an undo where there is one.
import { CircleAlert, CircleCheck, MessageCircle, X } from 'lucide-react';
import { useObservable } from '../observable';
import { dismissToast, toasts } from '../toasts';
import { IconButton } from '../ui';

const icons = { plain: MessageCircle, good: CircleCheck, bad: CircleAlert };

export function Toasts() {
  const shown = useObservable(toasts);
  return (
    <div className="toasts" role="log" aria-live="polite" aria-label="Messages">
      {shown.map(({ id, tone, text, detail, action }) => {
        const Icon = icons[tone];
        return (
          <div key={id} className="toast" data-tone={tone} data-testid="toast">
            <Icon size={16} aria-hidden />
            <div className="toast-text"><span>{text}</span>{detail && <small>{detail}</small>}</div>
            {action && <button type="button" className="button" onClick={() => { dismissToast(id); action.run(); }}>{action.label}</button>}
            <IconButton icon={X} label="Dismiss" size={14} className="small" onClick={() => dismissToast(id)} />
          </div>
        );
      })}
    </div>
  );
}
