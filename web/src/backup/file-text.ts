// Everything as one file and back: JSON, under gzip where that is wanted.
import { CoreError } from '../errors.js';
import type { RejectedEdit } from '../rejected.js';
import { maxImportLength } from '../project-import.js';
import type { ImportSource } from './types.js';

/** What a file is made of. */
export interface FileContent {
  /** Name of the store. */
  readonly app: string;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The schema number of the items. */
  readonly schema: number;
  /** By slice the slice's state: of one moment, and never changed afterwards. */
  readonly state: Readonly<Record<string, object>>;
  readonly rejected: readonly RejectedEdit[];
}

/** Characters that are made in one turn. */
const kPiece = 1 << 18;

const collectionOf = (slice: object): readonly unknown[] => Object.values(slice).find(Array.isArray) ?? [];

/** Items by slice; the slices without items are not in it. */
export function countsOf(state: FileContent['state']): Record<string, number> {
  const counts = Object.entries(state).map(([name, slice]) => [name, collectionOf(slice).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Items without conflicts, which are not the user's own. */
export const itemsOf = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [name, count]) => sum + (name === 'conflicts' ? 0 : count), 0);

function* texts({ app, at, schema, state, rejected }: FileContent): Generator<string> {
  const head = {
    format: 'codeforge-project', version: 1, ...(schema > 1 ? { schema } : {}), app, exportedAt: new Date(at).toISOString(), counts: countsOf(state),
    ...(rejected.length > 0 ? { rejected } : {}),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"slices":{`;
  let before = '';
  // What goes on between this device and its server just now belongs to neither.
  for (const [name, slice] of Object.entries(state).filter(([slice]) => slice !== 'sync')) {
    yield `${before}${JSON.stringify(name)}:{`;
    before = ',';
    let comma = '';
    for (const [member, value] of Object.entries(slice)) {
      yield `${comma}${JSON.stringify(member)}:`;
      comma = ',';
      if (!Array.isArray(value)) yield JSON.stringify(value);
      else {
        yield '[';
        for (let index = 0; index < value.length; index++) yield `${index > 0 ? ',\n' : ''}${JSON.stringify(value[index])}`;
        yield ']';
      }
    }
    yield '}';
  }
  yield '}}\n';
}

/** Lets input and frames come first. A timer would, too, but a hidden page has one in a second, or in a minute. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

async function writeTo(writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>, content: FileContent): Promise<void> {
  const encoder = new TextEncoder();
  let piece = '';
  const send = async (): Promise<void> => {
    await writer.write(encoder.encode(piece));
    piece = '';
    await breathe();
  };
  for (const text of texts(content)) {
    piece += text;
    if (piece.length >= kPiece) await send();
  }
  await send();
  await writer.close();
}

/** The bytes of the file. Without CompressionStream (old browsers) they are JSON in any case. */
export async function bytesOf(content: FileContent, gzip: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const isPacked = gzip && typeof CompressionStream === 'function';
  const stream: ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> =
    isPacked ? (new CompressionStream('gzip') as never) : new TransformStream();
  const bytes = new Response(stream.readable).arrayBuffer();
  await Promise.all([writeTo(stream.writable.getWriter(), content), bytes]);
  return new Uint8Array(await bytes);
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** `shop-2026-11-21.json`; `.gz` behind it as the bytes are. */
export function fileOf(bytes: Uint8Array<ArrayBuffer>, name: string): File {
  return new File([bytes], `${name}.json${isGzip(bytes) ? '.gz' : ''}`, { type: isGzip(bytes) ? 'application/gzip' : 'application/json' });
}

function tooLong(bytes: number): never {
  throw new CoreError('limit', `importAll: the file has ${bytes} bytes or more; the limit is ${maxImportLength}`);
}

/** Text of JSON bytes, packed or not. Throws CoreError `damaged`, `limit` or `unsupported`. */
export async function textOf(bytes: Uint8Array): Promise<string> {
  const isPacked = isGzip(bytes);
  if (isPacked && typeof DecompressionStream !== 'function') throw new CoreError('unsupported', 'importAll: this browser cannot read gzip; unpack the file first');
  const whole = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = (isPacked ? whole.pipeThrough<Uint8Array>(new DecompressionStream('gzip') as never) : whole).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if ((length += part.value.length) > maxImportLength) tooLong(length);
      text += decoder.decode(part.value, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    void reader.cancel().catch(() => {});
    if (error instanceof CoreError) throw error;
    throw new CoreError('damaged', `importAll: ${isPacked ? 'this is no whole gzip of' : 'these bytes are no'} text in UTF-8 (${(error as Error).message})`, { cause: error });
  }
}

/** Text, or the value as it was given. Throws CoreError. */
export async function read(source: ImportSource): Promise<unknown> {
  if (source instanceof Blob) {
    if (source.size > maxImportLength) tooLong(source.size);
    try {
      return await textOf(new Uint8Array(await source.arrayBuffer()));
    } catch (error) {
      if (error instanceof CoreError) throw error;
      throw new CoreError('damaged', `importAll: the file cannot be read (${(error as Error).message})`, { cause: error });
    }
  }
  if (source instanceof ArrayBuffer || source instanceof Uint8Array) return textOf(new Uint8Array(source as ArrayBuffer));
  return source;
}
