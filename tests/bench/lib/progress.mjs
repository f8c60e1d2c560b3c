// How far a run is, and how long it will still take.

/** Seconds of a job, from other runs, until one of its kind has been measured. */
const kGuess = { node: 4, browser: 10 };

const text = (seconds) => (seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`);

export class Progress {
  #taken = new Map();

  constructor(jobs) {
    this.left = [...jobs];
    this.total = jobs.length;
  }

  #kind = (job) => `${job.part} ${job.task} ${job.count}`;

  done(job, seconds) {
    this.left.splice(this.left.indexOf(job), 1);
    for (const key of [this.#kind(job), `${this.#kind(job)} ${job.store}`]) {
      const { sum, count } = this.#taken.get(key) ?? { sum: 0, count: 0 };
      this.#taken.set(key, { sum: sum + seconds, count: count + 1 });
    }
  }

  /** Seconds that the jobs will take: as this store took before, else as others took for the same. */
  estimate(jobs = this.left) {
    return jobs.reduce((total, job) => {
      const known = this.#taken.get(`${this.#kind(job)} ${job.store}`) ?? this.#taken.get(this.#kind(job));
      return total + (known ? known.sum / known.count : kGuess[job.part]);
    }, 0);
  }

  line(job, seconds, load, note = '') {
    const done = this.total - this.left.length;
    const name = `${job.store} ${job.task}${job.part === 'node' ? ` ${job.count.toLocaleString('en')}` : ''}`;
    return `[${String(done).padStart(String(this.total).length)}/${this.total}] ${name.padEnd(34)} ${seconds.toFixed(1).padStart(5)} s  load ${load.toFixed(1)}  ${text(this.estimate())} left${note}`;
  }
}
