// Values of unknown kind as text in a field, and back.

/** Strings as they are, everything else as JSON, nothing for null. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Numbers, booleans and JSON structures become what they say; anything else stays text. */
export function parseValue(text: string): unknown {
  if (!/^(true|false|-?\d+(\.\d+)?|[[{].*[\]}])$/s.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
