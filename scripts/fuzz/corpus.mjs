/** How often a branch was taken, in the eight classes of AFL (M. Zalewski, technical whitepaper of afl-fuzz, section 1). */
const CLASS = Uint8Array.from({ length: 256 }, (_, times) =>
  times === 0
    ? 0
    : times < 4
      ? 1 << (times - 1)
      : times < 8
        ? 8
        : times < 16
          ? 16
          : times < 32
            ? 32
            : times < 128
              ? 64
              : 128,
);

/**
 * Inputs each of which took a branch that none before took, or took it in another class of times. Those that are small
 * and new are changed more often than others.
 */
export class Corpus {
  #inputs = [];
  #counters;
  #seen;

  constructor(counters) {
    this.#counters = counters;
    this.#seen = new Uint8Array(counters.length);
  }

  /** Branches that were taken so far. */
  get branches() {
    return this.#seen.reduce((sum, classes) => sum + (classes === 0 ? 0 : 1), 0);
  }

  get size() {
    return this.#inputs.length;
  }

  get inputs() {
    return this.#inputs;
  }

  /** Takes up an input that was just run, if its counters show something new. */
  offer(input) {
    let isNew = false;
    for (let at = 0; at < this.#counters.length; at += 1) {
      const taken = CLASS[this.#counters[at]];
      if ((taken & ~this.#seen[at]) === 0) continue;
      this.#seen[at] |= taken;
      isNew = true;
    }
    if (isNew) this.#inputs.push(input);
    return isNew;
  }

  /** One of the newest third every other time; of two that are drawn, the smaller. */
  pick(random) {
    const newest = Math.floor((this.#inputs.length * 2) / 3);
    const draw = () =>
      random(2) === 0
        ? this.#inputs[random(this.#inputs.length)]
        : this.#inputs[newest + random(this.#inputs.length - newest)];
    const [a, b] = [draw(), draw()];
    return a.length <= b.length ? a : b;
  }
}
