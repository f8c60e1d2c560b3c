// Times as people say them.

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const steps: readonly (readonly [limitMs: number, unitMs: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60_000, 1_000, 'second'], [3_600_000, 60_000, 'minute'], [86_400_000, 3_600_000, 'hour'], [Infinity, 86_400_000, 'day'],
];

/** `time` in milliseconds since 1970; "never" for none. */
export function timeAgo(time: number | null | undefined, now = Date.now()): string {
  if (!time) return 'never';
  const past = time - now;
  if (Math.abs(past) < 5_000) return past > 0 ? 'in a moment' : 'just now';
  const [, unitMs, unit] = steps.find(([limitMs]) => Math.abs(past) < limitMs)!;
  return relative.format(Math.round(past / unitMs), unit);
}

export const fullTime = (time: number): string => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function byteText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
