/**
 * One name per host. `pve` and `pve.example.org` are one host unless two long names share the short one; a record
 * without a host belongs to the only host of its evidence, or to the only host there is.
 */
export class Hosts {
  readonly #canonical = new Map<string, string>();
  readonly #all: readonly string[];

  constructor(names: Iterable<string>) {
    const known = [...new Set(names)].filter((name) => !NO_NAME.has(name)).sort();
    const byShort = new Map<string, string[]>();
    for (const name of known) {
      const short = shortName(name);
      byShort.set(short, [...(byShort.get(short) ?? []), name]);
    }
    for (const [short, group] of byShort) {
      const long = group.filter((name) => name !== short);
      const shared = long.length <= 1 ? short : null;
      for (const name of group) this.#canonical.set(name, shared ?? name);
    }
    this.#all = [...new Set(this.#canonical.values())].sort();
  }

  /** Every host, sorted; one that stands for "not named" when no evidence names any. */
  get all(): readonly string[] {
    return this.#all.length === 0 ? [UNNAMED_HOST] : this.#all;
  }

  /**
   * The host that a record belongs to.
   * @param name as the record has it
   * @param evidenceHosts the hosts that its evidence names
   */
  of(name: string | null, evidenceHosts: readonly string[]): string {
    if (name !== null && !NO_NAME.has(name)) return this.#canonical.get(name) ?? name;
    const near = new Set(
      evidenceHosts.filter((host) => !NO_NAME.has(host)).map((host) => this.#canonical.get(host) ?? host),
    );
    if (near.size === 1) return [...near][0]!;
    return this.#all.length === 1 ? this.#all[0]! : UNNAMED_HOST;
  }
}

/** Stands for the host when nothing names it. */
export const UNNAMED_HOST = "unknown";
/** What loggers write before the host name is set. */
const NO_NAME: ReadonlySet<string> = new Set(["", "localhost", "(none)", "-", UNNAMED_HOST]);

function shortName(name: string): string {
  const dot = name.indexOf(".");
  // An IPv4 address is no long name of its first number.
  return dot <= 0 || /^[0-9.]+$/.test(name) ? name : name.slice(0, dot);
}
