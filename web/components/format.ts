// Numbers, sizes and times as people say them.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const kSteps: readonly (readonly [limitMs: number, unitMs: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60_000, 1_000, 'second'], [3_600_000, 60_000, 'minute'], [86_400_000, 3_600_000, 'hour'], [Infinity, 86_400_000, 'day'],
];
const kUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `time` in milliseconds since 1970, seen from `now`; "never" for none. */
export function timeAgo(time: number | null | undefined, now: number = Date.now()): string {
  if (!time) return 'never';
  const distanceMs = time - now;
  if (Math.abs(distanceMs) < 5_000) return distanceMs > 0 ? 'in a moment' : 'just now';
  const [, unitMs, unit] = kSteps.find(([limitMs]) => Math.abs(distanceMs) < limitMs)!;
  return relative.format(Math.round(distanceMs / unitMs), unit);
}

/** Bytes with a unit of 1,000: `1.2 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < kUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(value < 10 ? 1 : 0)} ${kUnits[unit]}`;
}

/** A duration in milliseconds: `12 ms`, `1.4 s`. */
export function durationText(durationMs: number): string {
  if (durationMs < 1) return '<1 ms';
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}

/** `3 changes`, `1 change`. */
export function countText(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** The value below which `share` (0 to 1) of the numbers lie; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
