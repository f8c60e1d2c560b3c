// Whether items are what the JSON Schema of their slice says. Loaded only when a slice has one; the
// interpreter evaluates no code, so it runs under every content security policy.
import type { Plain } from './frame.js';
import type { JsonSchema, SliceDefinitions } from './custom-slices.js';
import { CoreError } from './errors.js';
import { dereference, Validator, type OutputUnit, type Schema } from './vendor/json-schema/index.js';

type Drafts = '4' | '7' | '2019-09' | '2020-12';

/** By `$schema`, as far as it names a draft that the interpreter knows. */
function draftOf(schema: JsonSchema): Drafts {
  const name = typeof schema === 'object' ? String(schema.$schema ?? '') : '';
  return name.includes('draft-04') ? '4' : name.includes('draft-07') ? '7' : name.includes('2019-09') ? '2019-09' : '2020-12';
}

const kTypes = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/**
 * Throws Error for a part of a schema by which nothing can be decided: an unknown type, a pattern that is none, a reference to
 * nothing. The interpreter would find it when an item gets there, or never.
 */
function demandDecidable(schema: Schema): void {
  const parts = dereference(schema);
  for (const part of Object.values(parts)) {
    if (typeof part === 'boolean') continue;
    const unknown = [part.type ?? []].flat().find((type: unknown) => !kTypes.has(type as string));
    if (unknown !== undefined) throw new Error(`${JSON.stringify(unknown)} is no type`);
    for (const pattern of [part.pattern ?? [], Object.keys(part.patternProperties ?? {})].flat()) new RegExp(pattern, 'u');
    if (part.required !== undefined && !(Array.isArray(part.required) && part.required.every((member) => typeof member === 'string'))) throw new Error('required must be a list of names');
    if (part.$ref !== undefined && !(part.__absolute_ref__! in parts) && !(part.$ref in parts)) throw new Error(`nothing is at $ref ${JSON.stringify(part.$ref)}`);
  }
}

/** `#/tags/0/name` → `.tags[0].name` */
function dotted(pointer: string): string {
  const steps = pointer.split('/').slice(1).map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join('');
}

/** Keywords whose errors only say that something inside does not match. */
const kOuter = new Set([
  'properties', 'patternProperties', 'additionalProperties', 'items', 'prefixItems', 'additionalItems', 'contains', 'allOf', 'anyOf', 'oneOf', '$ref',
  'if', 'then', 'else', 'dependentSchemas', 'unevaluatedProperties', 'unevaluatedItems', 'propertyNames',
]);

/** What is wrong with an item. `path` as in `.tags[0].name`, '' for the item itself. */
export interface Violation {
  path: string;
  message: string;
}

export class SchemaCheck {
  readonly #validators = new Map<string, Validator>();

  /** Throws CoreError when a schema cannot be used. */
  constructor(definitions: SliceDefinitions) {
    for (const [name, { schema }] of Object.entries(definitions)) {
      if (schema === undefined) continue;
      try {
        // The interpreter writes into it.
        const own = structuredClone(schema) as Schema;
        if (typeof own === 'object') demandDecidable(own);
        this.#validators.set(name, new Validator(own, draftOf(schema)));
        this.violation(name, { id: '' });
      } catch (error) {
        throw new CoreError('malformed-payload', `createCore: slices.${name}: schema cannot be used (${(error as Error).message})`, { cause: error });
      }
    }
  }

  has(slice: string): boolean {
    return this.#validators.has(slice);
  }

  /** undefined when the item is as it should be, or when its slice has no schema. */
  violation(slice: string, item: unknown): Violation | undefined {
    const validator = this.#validators.get(slice);
    if (validator === undefined) return undefined;
    const { valid, errors } = validator.validate(item);
    if (valid) return undefined;
    // Where something inside is wrong, an error about the whole comes first.
    const { instanceLocation, keyword, error } = errors.find((unit) => !kOuter.has(unit.keyword)) ?? (errors[0] as OutputUnit);
    return { path: dotted(instanceLocation), message: keyword === 'false' ? 'It is not allowed.' : error };
  }

  /** Throws CoreError `schema` for an item of a dispatch. `where` names it: `payload` or `payload[3]`. */
  demand(type: string, slice: string, item: Plain, where: string): void {
    const found = this.violation(slice, item);
    if (found !== undefined) throw new CoreError('schema', `${type}: ${where}${found.path} violates the schema of ${slice}: ${found.message}`);
  }
}
