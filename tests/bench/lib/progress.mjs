// How far a run is, and how long it will still take.

/** Seconds of a job, from other runs, until one of its kind has been measured. */
const kGuess = { node: 2.5, browser: 8 };

const text = (seconds) => (seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`);

export class Progress {
  #taken = new Map();
  #current = [];
  #repetitions;

  /** @param {object[][]} all the jobs of each repetition */
  constructor(all) {
    this.#repetitions = [...all];
    this.total = all.flat().length;
    this.done = 0;
  }

  #kind = (job) => `${job.part} ${job.task} ${job.count}`;

  /** A repetition begins. */
  begin(jobs) {
    this.#repetitions.splice(this.#repetitions.indexOf(jobs), 1);
    this.#current = [...jobs];
  }

  leaveOut(job) {
    this.#current.splice(this.#current.indexOf(job), 1);
    this.done++;
  }

  took(job, seconds) {
    this.leaveOut(job);
    for (const key of [this.#kind(job), `${this.#kind(job)} ${job.store}`]) {
      const { sum, count } = this.#taken.get(key) ?? { sum: 0, count: 0 };
      this.#taken.set(key, { sum: sum + seconds, count: count + 1 });
    }
  }

  /** Seconds that the jobs will take: as this store took before, else as others took for the same. */
  estimate(jobs = this.#current) {
    return jobs.reduce((total, job) => {
      const known = this.#taken.get(`${this.#kind(job)} ${job.store}`) ?? this.#taken.get(this.#kind(job));
      return total + (known ? known.sum / known.count : kGuess[job.part]);
    }, 0);
  }

  line(job, seconds, load, note = '') {
    const name = `${job.store} ${job.task}${job.part === 'node' ? ` ${job.count.toLocaleString('en')}` : ''}`;
    const left = this.estimate(this.#current.concat(...this.#repetitions));
    return `[${String(this.done).padStart(String(this.total).length)}/${this.total}] ${name.padEnd(34)} ${seconds.toFixed(1).padStart(5)} s  load ${load.toFixed(1)}  ${text(left)} left${note}`;
  }
}
