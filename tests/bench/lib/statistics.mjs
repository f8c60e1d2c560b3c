// Medians, ranges, and a random order.

const ascending = (values) => [...values].sort((left, right) => left - right);

/** The q-quantile (0 to 1) with linear interpolation. */
export function quantile(values, q) {
  const sorted = ascending(values);
  const at = (sorted.length - 1) * q;
  const floor = Math.floor(at);
  return sorted[floor] + ((sorted[floor + 1] ?? sorted[floor]) - sorted[floor]) * (at - floor);
}

export const median = (values) => quantile(values, 0.5);

/** `{median, least, most}` */
export const spread = (values) => ({ median: median(values), least: Math.min(...values), most: Math.max(...values) });

/** A copy in random order (Fisher and Yates). */
export function shuffled(list, random) {
  const out = [...list];
  for (let last = out.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [out[last], out[other]] = [out[other], out[last]];
  }
  return out;
}
