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
  /** The same counters, four at a time: few are ever above zero. */
  #words;
  #seen;

  /** @param counters a multiple of four */
  constructor(counters) {
    this.#counters = counters;
    this.#words = new Uint32Array(counters.buffer, counters.byteOffset, counters.length / 4);
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

  /** Takes up an input that was just run, if its counters show something new; sets them to zero. */
  offer(input) {
    let isNew = false;
    for (let word = 0; word < this.#words.length; word += 1) {
      if (this.#words[word] === 0) continue;
      for (let at = 4 * word; at < 4 * word + 4; at += 1) {
        const taken = CLASS[this.#counters[at]];
        if ((taken & ~this.#seen[at]) === 0) continue;
        this.#seen[at] |= taken;
        isNew = true;
      }
      this.#words[word] = 0;
    }
    if (isNew) this.#inputs.push(input);
    return isNew;
  }

  /** One of the newest third every other time; of four that are drawn, the smallest. */
  pick(random) {
    const newest = Math.floor((this.#inputs.length * 2) / 3);
    let smallest = this.#inputs[random(this.#inputs.length)];
    for (let draw = 1; draw < 4; draw += 1) {
      const from = draw % 2 === 0 ? 0 : newest;
      const drawn = this.#inputs[from + random(this.#inputs.length - from)];
      if (drawn.length < smallest.length) smallest = drawn;
    }
    return smallest;
  }
}
