// The way of actions into an instance: encoded, written into its memory, dispatched, and counted.
import type { ReplayContext } from './crash-recovery.js';
import { CoreError } from './errors.js';
import { FrameEncoder, FrameWriter, type AnyAction, type Peek } from './frame.js';
import type { Instance } from './instance.js';
import type { SliceSet } from './slice-set.js';

export class FramePort {
  readonly encoder: FrameEncoder;
  #writer = new FrameWriter();
  /** Number of the last commit that an action of ours led to. */
  lastSeq = 0;

  readonly #isSent: () => boolean;

  /** `isSent`: whether frames go on to another tab, and have to be whole. */
  constructor(peek: Peek, slices: SliceSet, isSent: () => boolean) {
    this.#isSent = isSent;
    this.encoder = new FrameEncoder(peek, slices);
  }

  /** Another instance has another memory. */
  restart(): void {
    this.#writer = new FrameWriter();
  }

  /** What dispatch() has to be told of the last write(). */
  get frameBytes(): number {
    return this.#writer.frameBytes;
  }

  /** Writes what the encoder has; its length in bytes. Throws CoreError `limit`. */
  write(instance: Instance): number {
    return this.#writer.write(instance.module, this.encoder.text, this.encoder.parts, !this.#isSent());
  }

  /** The number of the commit that dispatch() answered with `result`. */
  count(result: number): number {
    return (this.lastSeq = result > 7 ? Math.floor(result / 8) : this.lastSeq + 1);
  }

  /** A replay: the number of its commit, or why it was refused. Throws TrapError. */
  perform(instance: Instance, action: AnyAction, context: ReplayContext): number | CoreError {
    try {
      instance.call((module) => module.context(JSON.stringify(context)));
      this.encoder.encode(action, true);
      this.write(instance);
      const result = instance.call((module) => module.dispatch(this.frameBytes));
      if (result < 0) return instance.refusal();
      this.encoder.freeze();
      return this.count(result);
    } catch (error) {
      if (error instanceof CoreError) return error;
      throw error;
    }
  }

  /** Runs a frame that another encoder made. Throws CoreError when it is refused, TrapError. */
  send(instance: Instance, text: string): { seq: number; bytes: number } {
    const bytes = this.#writer.write(instance.module, text);
    const result = instance.call((module) => module.dispatch(bytes));
    if (result < 0) throw instance.refusal();
    return { seq: (this.lastSeq = Math.floor(result / 8)), bytes };
  }

  /** Brings what another tab said in one turn: it becomes one write, and is told once. Throws CoreError `limit`, TrapError. */
  deliver(instance: Instance, messages: readonly Uint8Array[]): void {
    const notify = instance.module.coreNotify!;
    let isNews = false;
    try {
      instance.call((module) => {
        module.coreNotify = () => (isNews = true);
        module.configure('{"hold":true}');
        for (const bytes of messages) {
          this.#writer.put(module, bytes);
          module.receive(bytes.length);
        }
      });
    } finally {
      // Also behind a message that there is no room for: nothing would be written any more.
      if (!instance.isDead) {
        instance.call((module) => module.configure('{"hold":false}'));
        instance.module.coreNotify = notify;
        if (isNews) notify();
      }
    }
  }
}
