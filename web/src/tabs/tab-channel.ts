// The messages between tabs: the core's own bytes, in envelopes on a BroadcastChannel. What is sent in one
// turn goes out as one envelope behind it. Whatever else arrives is counted and dropped: a channel's name is
// open to every script of the origin, and to other versions of this one.

/** Of the envelope and of the core's messages in it. A tab with another number is not understood. */
const kProtocol = 1;
const kMaxMessages = 10_000;
const kMaxBytes = 300 << 20;
const kMaxName = 64;

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
  /** A message for this tab or for all. */
  message(bytes: Uint8Array): void;
  /** Before its messages: who sent them. */
  heard(from: string): void;
  /** Somebody speaks another version. */
  stranger(from: string): void;
  /** Something was dropped, and counted. */
  dropped(): void;
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= kMaxName;

const isMessage = (value: unknown): value is Message =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && value[0].length <= kMaxName && value[1] instanceof Uint8Array;

export class TabChannel {
  readonly #channel: BroadcastChannel;
  readonly #stamp: string;
  readonly #events: ChannelEvents;
  #waiting: Message[] = [];
  /** The present instance of this tab. */
  from = '';
  dropped = 0;

  constructor(name: string, stamp: string, events: ChannelEvents) {
    this.#channel = new BroadcastChannel(name);
    this.#stamp = stamp;
    this.#events = events;
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#take(data);
    this.#channel.onmessageerror = () => this.#drop();
    (this.#channel as { unref?: () => void }).unref?.(); // Node would wait for it
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
    this.#channel.postMessage({ protocol: kProtocol, stamp: this.#stamp, from: this.from, messages } satisfies Envelope);
  }

  close(): void {
    this.flush();
    this.#channel.close();
  }

  #drop(): void {
    this.dropped++;
    this.#events.dropped();
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
    for (const [to, bytes] of messages) if (to === '' || to === 'writer' || to === this.from) this.#events.message(bytes);
  }
}

/** A short name of what two tabs must have in common. */
export function stampOf(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(value)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(36);
}
