// The whole state in JavaScript. C++ is the truth; this is what the UI reads, at the speed of plain
// objects: same revision, same reference, and an untouched slice or item keeps its identity.
import type { SliceName } from './action-table.js';
import type { Plain } from './frame.js';
import type { RootState, Verb } from './generated/slices.js';
import type { ItemChange } from './inspection.js';
import { isWellFormed } from './json-check.js';
import { SliceMirror, type SliceText } from './slice-mirror.js';
import type { SliceSet } from './slice-set.js';
import type { PathStep } from './path-apply.js';

/**
 * `[slice, id, path, value]`; three members mean erased; id "" and path [] bring the ids of all items in their order.
 * The slice alone: it is read again behind the batch.
 */
export type FeedChange = [slice: string, id: string, path: PathStep[], value?: unknown];

/** Whether an entry of the feed is a change; a slice alone asks for all of it to be read again. */
const isChange = (change: readonly unknown[]): boolean => change.length > 1;

/** Reads from the core: all of a slice, or one item. undefined while no instance is ready, and when there is no such item. */
export interface MirrorSource {
  all(slice: SliceName): SliceText | undefined;
  one(slice: SliceName, id: string): Plain | undefined;
}

/** So many items of a slice are read one by one; whoever reads more is given all at once, which costs less for each. */
const kSingleReads = 64;

export class Mirror {
  readonly #slices: Record<SliceName, SliceMirror>;
  readonly #source: MirrorSource;
  readonly #names: readonly SliceName[];
  readonly #lazy: Partial<Record<SliceName, PropertyDescriptor>> = {};
  #root: RootState | undefined;
  /** Another moment's state, while somebody looks at it. */
  #shown: RootState | undefined;
  #recorded: ItemChange[] | undefined;

  constructor(source: MirrorSource, slices: SliceSet) {
    this.#source = source;
    this.#names = slices.names;
    this.#slices = Object.fromEntries(slices.names.map((name) => [name, new SliceMirror(slices.entry(name))])) as Record<SliceName, SliceMirror>;
  }

  /** What is here of an item; loads nothing. */
  readonly peek = (slice: SliceName, id: string): Plain | undefined => this.#slices[slice].item(id);

  read(slice: SliceName, id: string): Plain | undefined {
    if (this.#shown !== undefined) return this.#readShown(slice, id);
    const mirror = this.#slices[slice];
    return mirror.item(id) ?? (mirror.isLoaded ? undefined : this.#readOne(slice, mirror, id));
  }

  /** The slice, loaded if it can be. */
  slice(name: SliceName): SliceMirror {
    const mirror = this.#slices[name];
    if (!mirror.isLoaded) {
      const text = this.#source.all(name);
      if (text !== undefined) mirror.load(text);
    }
    return mirror;
  }

  /** The root state: slices that were read are plain members, the others load when they are touched. */
  root(): RootState {
    return this.#shown ?? this.present();
  }

  /** The root state, whatever is shown. */
  present(): RootState {
    return (this.#root ??= this.#buildRoot());
  }

  /** Shows `state` instead of the present, or the present again. false: it was shown already. */
  show(state: RootState | undefined): boolean {
    if (this.#shown === state) return false;
    this.#shown = state;
    return true;
  }

  /** Whether changes of items are kept for takeRecorded(). Reads every slice, so that what is replaced is known. */
  record(isOn: boolean): void {
    this.#recorded = isOn ? (this.#recorded ?? []) : undefined;
    for (const name of this.#names) {
      this.#slices[name].watch = isOn ? (id, before, after) => void this.#recorded?.push({ slice: name, id, before, after }) : undefined;
      if (isOn) this.slice(name);
    }
  }

  /** What changed since the last call; undefined while nothing is recorded. */
  takeRecorded(): ItemChange[] | undefined {
    const recorded = this.#recorded;
    if (recorded !== undefined) this.#recorded = [];
    return recorded;
  }

  /** The core did to the items exactly what the action says: keep our own objects. `prior`: what peek() gave. */
  echo(slice: SliceName, verb: Verb, payload: unknown, prior: Plain | undefined): void {
    this.#root = undefined;
    const mirror = this.#slices[slice];
    switch (verb) {
      case 'put':
      case 'replace': {
        const id = (payload as Plain).id as string;
        if (mirror.follows(id)) mirror.put(id, payload as Plain);
        return;
      }
      case 'merge': {
        const id = (payload as Plain).id as string;
        // The slice may have been loaded, by pin(), only after somebody peeked.
        if (mirror.follows(id)) mirror.put(id, Object.freeze({ ...(prior ?? mirror.item(id)), ...(payload as Plain) }));
        return;
      }
      case 'remove':
        mirror.remove(typeof payload === 'string' ? payload : ((payload as Plain).id as string));
        return;
      case 'set-all':
        if (mirror.isLoaded) mirror.setAll(payload as Plain[]);
        else mirror.forget();
        return;
      case 'put-many':
        for (const item of payload as Plain[]) if (mirror.follows(item.id as string)) mirror.put(item.id as string, item);
        return;
      default:
        throw new Error(`the core echoed the verb ${verb}`);
    }
  }

  /** A whole batch of the feed. Nobody is told before it is all in. */
  apply(changes: readonly FeedChange[]): void {
    if (changes.length > 0) this.#root = undefined;
    let again: Set<SliceName> | undefined;
    for (const change of changes) if (!isChange(change)) (again ??= new Set()).add(change[0] as SliceName);
    for (const change of changes) {
      if (again?.has(change[0] as SliceName)) continue;
      const mirror = this.#slices[change[0] as SliceName] as SliceMirror | undefined;
      if (mirror?.follows(change[1])) mirror.apply(change[1], change[2], change[3], change.length === 3);
    }
    again?.forEach((name) => this.#reload(name));
  }

  /** After a restart: loads again what was loaded; what is equal keeps its identity. */
  reload(): void {
    this.#root = undefined;
    for (const name of this.loaded()) this.#reload(name);
  }

  #reload(name: SliceName): void {
    const mirror = this.#slices[name];
    if (mirror.isLoaded) {
      const text = this.#source.all(name);
      if (text !== undefined) mirror.load(text);
      return;
    }
    const known = mirror.forget();
    for (const id of known.keys()) this.#readOne(name, mirror, id, known);
  }

  /** Slices that were read, as a whole or in part. */
  loaded(): SliceName[] {
    return this.#names.filter((name) => this.#slices[name].isLoaded || this.#slices[name].size > 0);
  }

  /** What is here of a slice, in the form of readAll(). */
  text(name: SliceName): SliceText {
    const mirror = this.#slices[name];
    return { items: [...mirror.items()], fields: mirror.fields };
  }

  /** Forgets the root: what it shows has become readable. */
  touch(): void {
    this.#root = undefined;
  }

  /**
   * Before a change of `slice`: roots handed out so far must go on showing it as it was, so one that
   * nobody has read yet is read now.
   */
  pin(slice: SliceName): void {
    this.#lazy[slice]?.get?.();
  }

  /** An item of a slice that is not loaded. Of those `known` before it keeps an equal one. */
  #readOne(slice: SliceName, mirror: SliceMirror, id: string, known?: ReadonlyMap<string, Plain>): Plain | undefined {
    // The id "" are the slice's own fields, and a lone surrogate would cross as another character.
    if (typeof id !== 'string' || id === '' || !isWellFormed(id)) return undefined;
    if (mirror.size >= kSingleReads) return this.slice(slice).item(id);
    const item = this.#source.one(slice, id);
    // Reading brings what waited in the core, so the slice may have been loaded meanwhile.
    return item === undefined || mirror.isLoaded ? mirror.item(id) : mirror.keep(id, item, known?.get(id));
  }

  #readShown(slice: SliceName, id: string): Plain | undefined {
    const { collection } = this.#slices[slice];
    if (collection === null) return undefined;
    return (this.#shown![slice as keyof RootState] as unknown as Record<string, Plain[]>)[collection]!.find((item) => item.id === id);
  }

  #buildRoot(): RootState {
    const root = {} as Record<SliceName, unknown>;
    for (const name of this.#names) {
      if (this.#slices[name].isLoaded) root[name] = this.#slices[name].state();
      else Object.defineProperty(root, name, (this.#lazy[name] ??= this.#lazyMember(name)));
    }
    return Object.freeze(root) as unknown as RootState;
  }

  /** The member of a slice that nobody has read: all roots share it, since the slice has not changed between them. */
  #lazyMember(name: SliceName): PropertyDescriptor {
    let memo: Plain | undefined;
    const get = (): Plain => {
      if (memo !== undefined) return memo;
      const mirror = this.slice(name);
      const state = mirror.state();
      // Before an instance is ready the initial state is shown, and not remembered.
      if (mirror.isLoaded) {
        memo = state;
        delete this.#lazy[name];
      }
      return state;
    };
    return { enumerable: true, get };
  }
}
