// The figures of a run: for each workload and store one sample for each repetition.
import { median, spread } from './statistics.mjs';

export class Series {
  /** `{workload: {store: {samples: [...], reached?}}}`; a missing sample is null. */
  workloads = {};

  constructor(workloads = {}) {
    this.workloads = workloads;
  }

  add(workload, store, repetition, value) {
    const { samples } = ((this.workloads[workload] ??= {})[store] ??= { samples: [] });
    while (samples.length < repetition) samples.push(null);
    samples[repetition] = value;
  }

  /** A store that was stopped before it had done all. */
  stopped(workload, store, reached) {
    this.workloads[workload][store].reached = reached;
  }

  stores(workload) {
    return Object.keys(this.workloads[workload] ?? {});
  }

  #samples(workload, store) {
    return this.workloads[workload]?.[store]?.samples ?? [];
  }

  /** `{median, least, most}`; undefined without samples. */
  figure(workload, store) {
    const values = this.#samples(workload, store).filter((value) => value != null);
    return values.length === 0 ? undefined : spread(values);
  }

  wasStopped(workload, store) {
    return this.workloads[workload]?.[store]?.reached !== undefined;
  }

  /** The median over the repetitions of `left / right`, both of the same repetition; undefined when they never met. */
  ratio(workload, left, right, otherWorkload = workload) {
    const divisors = this.#samples(otherWorkload, right);
    const ratios = this.#samples(workload, left)
      .map((value, index) => (value == null || divisors[index] == null ? null : value / divisors[index]))
      .filter((value) => value !== null);
    return ratios.length === 0 ? undefined : median(ratios);
  }
}
