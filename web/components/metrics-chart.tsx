// The durations of the last exchanges as bars, newest at the right, with the median and the 95th percentile.
import { useState, type ReactElement } from 'react';
import { durationText, quantile } from './format.js';
import { Empty } from './parts.js';

/** As many as the core remembers. */
const kSlots = 100;
const kHeight = 100;

/** The next 1, 2 or 5 times a power of ten: a scale that does not jump with every bar. */
export function scaleTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

export interface MetricsChartProps {
  /** Durations in milliseconds, oldest first; the last 100 are drawn. */
  durations: readonly number[];
}

/**
 * Durations as bars, the newest at the right, with their median.
 *
 * @example
 * <MetricsChart durations={[12, 30, 9]} />
 */
export function MetricsChart({ durations }: MetricsChartProps): ReactElement {
  const [hovered, setHovered] = useState<number | null>(null);
  const shown = durations.slice(-kSlots);
  if (shown.length === 0) return <Empty icon="gauge" title="No exchange yet">Each push and pull is drawn here with the time it took.</Empty>;
  const median = quantile(shown, 0.5);
  const slow = quantile(shown, 0.95);
  const top = scaleTop(Math.max(...shown));
  const y = (value: number): number => kHeight - (value / top) * kHeight;
  const first = kSlots - shown.length;
  const summary = `${shown.length} exchanges: median ${durationText(median)}, 95th percentile ${durationText(slow)}, slowest ${durationText(Math.max(...shown))}`;
  const pointed = hovered === null ? undefined : shown[hovered - first];
  return (
    <figure className="cf-chart">
      <div className="cf-plot">
        <span className="cf-scale">{durationText(top)}</span>
        <svg role="img" aria-label={summary} viewBox={`0 0 ${kSlots} ${kHeight}`} preserveAspectRatio="none"
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setHovered(Math.min(kSlots - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * kSlots))));
          }}
          onPointerLeave={() => setHovered(null)}>
          {shown.map((value, index) => (
            <rect key={first + index} className={value > slow && shown.length >= 20 ? 'cf-slow' : hovered === first + index ? 'cf-pointed' : ''} x={first + index + 0.14} width={0.72} y={Math.min(y(value), kHeight - 1.5)} height={Math.max(kHeight - y(value), 1.5)} rx={0.25} />
          ))}
          <line className="cf-median" x1="0" x2={kSlots} y1={y(median)} y2={y(median)} />
        </svg>
      </div>
      <figcaption>
        {pointed === undefined
          ? <><span>Median <strong>{durationText(median)}</strong></span><span>95 % within <strong>{durationText(slow)}</strong></span><span>last {shown.length}</span></>
          : <span><strong>{durationText(pointed)}</strong>, {shown.length - (hovered! - first) === 1 ? 'the newest' : `${shown.length - (hovered! - first) - 1} before the newest`}</span>}
      </figcaption>
    </figure>
  );
}
