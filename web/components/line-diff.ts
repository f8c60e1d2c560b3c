// Two texts line by line: what stands only on one side. Bounded: long texts are compared after their common ends are taken off.

export interface Line {
  readonly text: string;
  readonly isOnly: boolean;
}

/** Rows times columns of the comparison table. */
const kMaxCells = 4_000_000;

function commonLines(one: readonly string[], other: readonly string[]): [Set<number>, Set<number>] {
  const width = other.length + 1;
  const best = new Uint32Array((one.length + 1) * width);
  for (let row = one.length - 1; row >= 0; row--)
    for (let column = other.length - 1; column >= 0; column--)
      best[row * width + column] = one[row] === other[column]
        ? best[(row + 1) * width + column + 1]! + 1
        : Math.max(best[(row + 1) * width + column]!, best[row * width + column + 1]!);
  const [left, right] = [new Set<number>(), new Set<number>()];
  for (let row = 0, column = 0; row < one.length && column < other.length;) {
    if (one[row] === other[column]) {
      left.add(row++);
      right.add(column++);
    } else if (best[(row + 1) * width + column]! >= best[row * width + column + 1]!) row++;
    else column++;
  }
  return [left, right];
}

export function compareLines(local: string, remote: string): { readonly local: Line[]; readonly remote: Line[] } {
  const [one, other] = [local.split('\n'), remote.split('\n')];
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  const [oneCore, otherCore] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  const [left, right] = oneCore.length * otherCore.length > kMaxCells ? [new Set<number>(), new Set<number>()] : commonLines(oneCore, otherCore);
  const mark = (lines: readonly string[], core: number, shared: ReadonlySet<number>): Line[] =>
    lines.map((text, index) => ({ text, isOnly: index >= start && index < start + core && !shared.has(index - start) }));
  return { local: mark(one, oneCore.length, left), remote: mark(other, otherCore.length, right) };
}

/** Lines around what differs; longer stretches of the same become one line that says how many. */
export function withContext(lines: readonly Line[], around = 3): (Line | { readonly skipped: number })[] {
  const isNear = lines.map((_, index) => lines.slice(Math.max(0, index - around), index + around + 1).some((line) => line.isOnly));
  const shown: (Line | { skipped: number })[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (isNear[index]) shown.push(line);
    else if (last && 'skipped' in last) last.skipped++;
    else shown.push({ skipped: 1 });
  }
  return shown;
}
