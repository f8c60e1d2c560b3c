// Colours as numbers: any CSS colour in, contrast and a readable neighbour out.

export type Rgb = readonly [red: number, green: number, blue: number];

let context: CanvasRenderingContext2D | null | undefined;

/** Any CSS colour as sRGB (0 to 255); null for what the browser does not know as a colour. */
export function toRgb(color: string): Rgb | null {
  if (!CSS.supports('color', color)) return null;
  context ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.fillStyle = '#000';
  context.fillStyle = color;
  context.clearRect(0, 0, 1, 1);
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

export const toHex = ([red, green, blue]: Rgb): string =>
  `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance and contrast of WCAG 2. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const white: Rgb = [255, 255, 255];
const ink: Rgb = [17, 18, 24];

/** Black or white, whichever reads better on `ground`. */
export const onColor = (ground: Rgb): Rgb => (contrast(white, ground) >= contrast(ink, ground) ? white : ink);

/** `color`, moved towards black or white until it reads on `ground` (AA, 4.5 : 1). */
export function readable(color: Rgb, ground: Rgb, least = 4.5): Rgb {
  const goal = onColor(ground);
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = color.map((part, index) => part + (goal[index]! - part) * share) as unknown as Rgb;
    if (contrast(mixed, ground) >= least) return mixed;
  }
  return goal;
}
