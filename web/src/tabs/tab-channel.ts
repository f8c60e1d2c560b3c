// The messages between tabs: the core's own bytes, in envelopes on a BroadcastChannel. What is sent in one
// turn goes out as one envelope behind it. Whatever else arrives is counted and dropped: a channel's name is
// open to every script of the origin, and to other versions of this one.

/** Of the envelope and of the core's messages in it. A tab with another number is not understood. */
const kProtocol = 2;
/** So many edits of one turn, a transaction's for example, are one envelope and one write. */
const kMaxMessages = 100_000;
const kMaxBytes = 256 << 20; // what the core takes
const kMaxName = 64;
/** Before it is told that something was dropped: a tab of another version talks as much as this one. */
const kTellMs = 100;

type Message = [to: string, bytes: Uint8Array];

interface Envelope {
  protocol: number;
  /** Of slices and schema: two tabs understand one another when theirs are equal. */
  stamp: string;
  /** The sending instance: a page's name, a dot, a number. */
  from: string;
  messages: Message[];
}

export interface ChannelEvents {
  /** What one tab said in one turn to this tab or to all. */
  messages(bytes: readonly Uint8Array[]): void;
  /** Before its messages: who sent them. */
  heard(from: string): void;
  /** Somebody speaks another version. */
  stranger(from: string): void;
  /** Something was dropped, and counted; told once for all of a moment. */
  dropped(): void;
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= kMaxName;

const isMessage = (value: unknown): value is Message =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && value[0].length <= kMaxName && value[1] instanceof Uint8Array;

export class TabChannel {
  readonly #name: string;
  /** undefined while the page stands still: a browser would keep every message for it. */
  #channel: BroadcastChannel | undefined;
  readonly #stamp: string;
  readonly #events: ChannelEvents;
  #waiting: Message[] = [];
  #telling: ReturnType<typeof setTimeout> | undefined;
  /** The present instance of this tab. */
  from = '';
  dropped = 0;

  constructor(name: string, stamp: string, events: ChannelEvents) {
    this.#name = name;
    this.#stamp = stamp;
    this.#events = events;
    this.wake();
  }

  /** Hears nothing from here on. What is posted is sent. */
  rest(): void {
    this.flush();
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** Hears what is said from here on. */
  wake(): void {
    const channel = (this.#channel ??= new BroadcastChannel(this.#name));
    channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#take(data);
    channel.onmessageerror = () => this.#drop();
    (channel as { unref?: () => void }).unref?.(); // Node would wait for it
  }

  /** `to`: an instance, "writer", or "" for all. */
  post(to: string, bytes: Uint8Array): void {
    if (this.#waiting.push([to, bytes]) === 1) queueMicrotask(() => this.flush());
    else if (this.#waiting.length >= kMaxMessages) this.flush();
  }

  /** Sends what waits now. */
  flush(): void {
    if (this.#waiting.length > 0) this.greet();
  }

  /** Sends what waits, or nothing but who is here. */
  greet(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    const channel = this.#channel ?? new BroadcastChannel(this.#name);
    channel.postMessage({ protocol: kProtocol, stamp: this.#stamp, from: this.from, messages } satisfies Envelope);
    if (channel !== this.#channel) channel.close();
  }

  #drop(): void {
    this.dropped++;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#events.dropped();
    }, kTellMs);
  }

  #take(value: unknown): void {
    const { protocol, stamp, from, messages } = (value ?? {}) as Partial<Envelope>;
    if (!isName(from) || from === this.from) return this.#drop();
    if (protocol !== kProtocol || stamp !== this.#stamp) {
      this.#drop();
      return this.#events.stranger(from);
    }
    const isWhole = Array.isArray(messages) && messages.length <= kMaxMessages && messages.every(isMessage) &&
      messages.reduce((sum, [, { length }]) => sum + length, 0) <= kMaxBytes;
    if (!isWhole) return this.#drop();
    this.#events.heard(from);
    this.#events.messages(messages.filter(([to]) => to === '' || to === 'writer' || to === this.from).map(([, bytes]) => bytes));
  }
}

/** A short name of what two tabs must have in common. */
export function stampOf(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(value)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(36);
}
