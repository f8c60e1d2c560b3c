// Puts the functions of a WebAssembly module into an order that compresses well: each stands near those that it is alike to,
// since gzip finds what repeats within 32 kB. No instruction changes but the numbers in calls.
import { constants, gzipSync } from 'node:zlib';

/** So many of the functions that most calls name have numbers of one byte. More would be kept from their likes. */
const kShortNumbers = 64;
/** Bytes of code that are compared: what gzip gains from is three bytes or more. */
const kShingle = 5;
/** Bytes of the last functions that the next one should be like. */
const kWindow = 6000;
/** Added to a function's length, by whose root its likeness is divided: a very short one is like many. */
const kLeastBytes = 100;

class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    Object.assign(this, { bytes, at, end });
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number, or a signed one whose value nobody asks for. */
  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  skip(count) {
    this.at += count;
  }
}

function leb(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

const vector = (parts) => Buffer.concat([leb(parts.length), ...parts]);

/** Steps over what follows the opcode 0xfc. */
function skipMisc(code) {
  const opcode = code.number();
  if (opcode > 17) throw new Error(`opcode 0xfc ${opcode}`);
  if (opcode < 8) return;
  code.number();
  if (opcode === 8 || opcode === 10 || opcode === 12 || opcode === 14) code.number();
}

/** Steps over one instruction. The place of the function's number when it names one. */
function step(code) {
  const opcode = code.byte();
  if (opcode === 0x10 || opcode === 0x12 || opcode === 0xd2) {
    const at = code.at;
    code.number();
    return at;
  }
  if ((opcode >= 0x28 && opcode <= 0x3e) || opcode === 0x11 || opcode === 0x13) {
    code.number();
    code.number();
  } else if (opcode === 0x0e || opcode === 0x1c) {
    for (let left = code.number() + (opcode === 0x0e ? 1 : 0); left > 0; left--) code.number();
  } else if (opcode === 0x43 || opcode === 0x44) code.skip(opcode === 0x43 ? 4 : 8);
  else if (opcode === 0xfc) skipMisc(code);
  else if ((opcode >= 0x02 && opcode <= 0x04) || opcode === 0x0c || opcode === 0x0d || (opcode >= 0x20 && opcode <= 0x26)
    || (opcode >= 0x3f && opcode <= 0x42) || opcode === 0xd0) code.number();
  else if (opcode > 0xc4 && opcode !== 0xd1) throw new Error(`opcode 0x${opcode.toString(16)}`);
  return undefined;
}

/** One function's code in pieces: bytes, and between them the numbers of the functions that it names. */
function pieces(bytes) {
  const code = new Reader(bytes);
  for (let groups = code.number(); groups > 0; groups--) {
    code.number();
    code.byte();
  }
  const texts = [];
  const names = [];
  let from = 0;
  while (code.at < bytes.length) {
    const at = step(code);
    if (at === undefined) continue;
    texts.push(bytes.subarray(from, at));
    names.push(new Reader(bytes, at).number());
    from = code.at;
  }
  return { bytes, texts: [...texts, bytes.subarray(from)], names };
}

const kSection = { type: 1, imports: 2, functions: 3, exports: 7, start: 8, elements: 9, code: 10 };

function sections(wasm) {
  const reader = new Reader(wasm, 8);
  const list = [];
  while (reader.at < wasm.length) {
    const id = reader.byte();
    const size = reader.number();
    list.push({ id, bytes: wasm.subarray(reader.at, reader.at + size) });
    reader.skip(size);
  }
  return list;
}

function importedFunctions(bytes) {
  const reader = new Reader(bytes);
  let count = 0;
  for (let left = reader.number(); left > 0; left--) {
    for (let names = 2; names > 0; names--) reader.skip(reader.number());
    const kind = reader.byte();
    if (kind === 0) count++;
    if (kind === 1) reader.byte();
    if (kind === 3) reader.skip(2);
    else if (kind !== 0) {
      const hasMost = reader.byte() & 1;
      reader.number();
      if (hasMost) reader.number();
    } else reader.number();
  }
  return count;
}

/** The shingles of each function that others have too, with what one of them is worth. */
function shingles(bodies) {
  const sets = bodies.map(({ bytes }) => {
    const set = new Set();
    for (let at = 0; at + kShingle <= bytes.length; at++) {
      let hash = 0;
      for (let i = 0; i < kShingle; i++) hash = (Math.imul(hash, 0x01000193) ^ bytes[at + i]) >>> 0;
      set.add(hash);
    }
    return set;
  });
  const owners = new Map();
  sets.forEach((set, index) => {
    for (const hash of set) owners.get(hash)?.push(index) ?? owners.set(hash, [index]);
  });
  // What nearly all have says nothing.
  for (const [hash, list] of owners) if (list.length < 2 || list.length > bodies.length / 5) owners.delete(hash);
  return { lists: sets.map((set) => [...set].filter((hash) => owners.has(hash))), owners };
}

/** Next is always the function that has most in common with the last ones, for its length. */
function alike(bodies, { lists, owners }, chosen) {
  const left = new Set(chosen);
  const score = new Float64Array(bodies.length);
  const seen = new Map();
  const recent = [];
  let bytes = 0;
  const count = (index, by) => {
    for (const hash of lists[index]) {
      const before = seen.get(hash) ?? 0;
      seen.set(hash, before + by);
      if (Math.max(before, before + by) !== 1) continue;
      const list = owners.get(hash);
      for (const other of list) score[other] += by * Math.log(bodies.length / list.length);
    }
  };
  const order = [];
  let next = chosen.reduce((a, b) => (bodies[b].bytes.length > bodies[a].bytes.length ? b : a));
  while (next !== undefined) {
    left.delete(next);
    order.push(next);
    recent.push(next);
    bytes += bodies[next].bytes.length;
    count(next, 1);
    while (bytes > kWindow && recent.length > 1) {
      const gone = recent.shift();
      bytes -= bodies[gone].bytes.length;
      count(gone, -1);
    }
    next = undefined;
    let best = -1;
    for (const index of left) {
      const value = score[index] / Math.sqrt(bodies[index].bytes.length + kLeastBytes);
      if (value > best) [best, next] = [value, index];
    }
  }
  return order;
}

/** The module with its functions in another order. */
class Renumbered {
  #imported;
  #order;
  #number;

  constructor(imported, order) {
    this.#imported = imported;
    this.#order = order;
    this.#number = new Map(order.map((index, at) => [index + imported, at + imported]));
  }

  #of(number) {
    return number < this.#imported ? number : this.#number.get(number);
  }

  types(bytes) {
    const reader = new Reader(bytes);
    const types = Array.from({ length: reader.number() }, () => leb(reader.number()));
    return vector(this.#order.map((index) => types[index]));
  }

  code(bodies) {
    return vector(this.#order.map((index) => {
      const { texts, names } = bodies[index];
      const body = Buffer.concat(texts.flatMap((text, at) => (at < names.length ? [text, leb(this.#of(names[at]))] : [text])));
      return Buffer.concat([leb(body.length), body]);
    }));
  }

  exports(bytes) {
    const reader = new Reader(bytes);
    return vector(Array.from({ length: reader.number() }, () => {
      const from = reader.at;
      reader.skip(reader.number());
      const kind = reader.byte();
      const head = bytes.subarray(from, reader.at);
      const number = reader.number();
      return Buffer.concat([head, leb(kind === 0 ? this.#of(number) : number)]);
    }));
  }

  elements(bytes) {
    const reader = new Reader(bytes);
    return vector(Array.from({ length: reader.number() }, () => {
      const from = reader.at;
      const kind = reader.number();
      if (kind !== 0) throw new Error(`element segment of kind ${kind}`);
      while (step(reader) !== undefined || bytes[reader.at - 1] !== 0x0b) ;
      const head = bytes.subarray(from, reader.at);
      return Buffer.concat([head, vector(Array.from({ length: reader.number() }, () => leb(this.#of(reader.number()))))]);
    }));
  }
}

/**
 * @param {Buffer} wasm a module without a start function, names and debug information
 * @returns {Buffer} the same module, its functions reordered; `wasm` itself where that would not be smaller
 */
export function inGoodOrder(wasm) {
  const all = sections(wasm);
  const section = (id) => all.find((entry) => entry.id === id)?.bytes;
  if (section(kSection.start)) throw new Error('a start function');
  const imported = importedFunctions(section(kSection.imports));
  const reader = new Reader(section(kSection.code));
  const bodies = Array.from({ length: reader.number() }, () => {
    const size = reader.number();
    const from = reader.at;
    reader.skip(size);
    return pieces(reader.bytes.subarray(from, from + size));
  });
  const calls = new Array(bodies.length).fill(0);
  for (const { names } of bodies) for (const name of names) if (name >= imported) calls[name - imported]++;
  const byCalls = [...bodies.keys()].sort((a, b) => calls[b] - calls[a] || a - b);
  const likeness = shingles(bodies);
  const short = Math.max(0, kShortNumbers - imported);
  const order = [byCalls.slice(0, short), byCalls.slice(short)].flatMap((part) => (part.length > 0 ? alike(bodies, likeness, part) : []));
  const made = new Renumbered(imported, order);
  const rewritten = new Map([
    [kSection.functions, made.types(section(kSection.functions))],
    [kSection.exports, made.exports(section(kSection.exports))],
    [kSection.code, made.code(bodies)],
  ]);
  if (section(kSection.elements)) rewritten.set(kSection.elements, made.elements(section(kSection.elements)));
  const reordered = Buffer.concat([wasm.subarray(0, 8), ...all.flatMap(({ id, bytes }) => {
    const content = rewritten.get(id) ?? bytes;
    return [Buffer.from([id]), leb(content.length), content];
  })]);
  const packed = (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }).length;
  return packed(reordered) < packed(wasm) ? reordered : wasm;
}
