/** What is replaced; the substitute is this word and a number, counted from 1 by first appearance. */
type IdentifierKind = "host" | "guest" | "user" | "mac" | "ip" | "id" | "dir";

/** Fields whose whole value is a name. */
const NAME_FIELDS: Readonly<Record<string, IdentifierKind>> = {
  host: "host",
  hosts: "host",
  hostname: "host",
  server: "host",
  guest: "guest",
  guests: "guest",
  guestName: "guest",
  bootId: "id",
  machineId: "id",
  id: "id",
  user: "user",
};

/** Fields whose whole value is a path of evidence: its folder is replaced, its file name is not. */
const PATH_FIELDS: ReadonlySet<string> = new Set(["evidence", "paths"]);

/** Fields whose text is the program's own, or a hash by which evidence is known again. */
const KEPT_FIELDS: ReadonlySet<string> = new Set([
  "kind",
  "sha256",
  "timeZone",
  "trust",
  "form",
  "program",
  "status",
  "level",
  "code",
  "outcome",
  "endedBy",
  "endBasis",
  "pci",
  "kernelRelease",
  "source",
  "unit",
  "rung",
  "ratio",
  "cameFirst",
  "factor",
  "looks",
  "reason",
]);

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const PATTERNS: readonly (readonly [IdentifierKind, RegExp])[] = [
  ["id", /(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/gi],
  ["id", /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/gi],
  ["mac", /(?<![0-9a-f:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![0-9a-f]|[:-][0-9a-f])/gi],
  ["ip", new RegExp(`(?<![\\d.])${OCTET}(?:\\.${OCTET}){3}(?!\\d|\\.\\d)`, "g")],
  ["ip", /(?<![0-9a-z:.])(?:[0-9a-f]{0,4}:){2,8}[0-9a-f]{0,4}(?<!(?<!:):)(?![0-9a-z]|:[0-9a-f])/gi],
  ["user", /(?<=\/home\/|[Uu]ser[ =])[a-z_][a-z0-9_.-]*/g],
  ["user", /(?<![a-z0-9_.-])[a-z0-9_.-]+(?=@(?:pam|pve|pbs|ldap)\b)/g],
];

/**
 * Replaces what names a machine, a guest or a person, in plain data and in text: the same identifier gets the same
 * substitute for as long as the redactor lives. PCI addresses, releases, times, registers and SHA-256 sums stay.
 */
export class Redactor {
  readonly #substitutes = new Map<string, string>();
  readonly #counts = new Map<IdentifierKind, number>();
  readonly #names = new Map<string, IdentifierKind>();
  #namePattern: RegExp | null = null;
  readonly #folders = new Set<string>();
  #folderPattern: RegExp | null = null;

  /** Learns the names that stand in fields of their own, so that they are found inside text too. */
  learn(value: unknown): void {
    walk(value, null, (text, field) => {
      if (field !== null && PATH_FIELDS.has(field)) this.#knowFolder(text);
      const kind = field === null ? undefined : NAME_FIELDS[field];
      if (kind === undefined || !isName(text)) return;
      this.#know(text, kind);
      for (const part of partsOf(text, kind)) this.#know(part, kind);
    });
  }

  /** A copy of plain data with every text redacted; `learn` is called on it first. Keys are not changed. */
  data<T>(value: T): T {
    this.learn(value);
    return this.#copy(value, null) as T;
  }

  /** A text with every known name, the folders of evidence, and every address or id replaced. */
  text(text: string): string {
    const folders = this.#foldersPattern();
    let result = folders === null ? text : text.replace(folders, (found) => this.#substitute(found, "dir"));
    for (const [kind, pattern] of PATTERNS)
      result = result.replace(pattern, (found) => (isAddress(kind, found) ? this.#substitute(found, kind) : found));
    const names = this.#pattern();
    if (names === null) return result;
    return result.replace(names, (found) => this.#substitute(found, this.#names.get(found.toLowerCase()) ?? "host"));
  }

  #copy(value: unknown, field: string | null): unknown {
    if (typeof value === "string") return this.#copyText(value, field);
    if (Array.isArray(value)) return value.map((one) => this.#copy(one, field));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#copy(one, key)]));
  }

  #copyText(text: string, field: string | null): string {
    if (field !== null && KEPT_FIELDS.has(field)) return text;
    const isFolder = field !== null && PATH_FIELDS.has(field) && this.#folders.has(text);
    return isFolder ? this.#substitute(text, "dir") : this.text(text);
  }

  #know(name: string, kind: IdentifierKind): void {
    const key = name.toLowerCase();
    if (this.#names.has(key)) return;
    this.#names.set(key, kind);
    this.#namePattern = null;
  }

  /** An upper folder is one too: it is what the caller named. */
  #knowFolder(path: string): void {
    for (const { index } of path.matchAll(/(?<=[^/\\])[/\\]/g)) {
      const folder = path.slice(0, index);
      if (/^\.{1,2}$/.test(folder) || this.#folders.has(folder)) continue;
      this.#folders.add(folder);
      this.#folderPattern = null;
    }
  }

  #foldersPattern(): RegExp | null {
    if (this.#folders.size === 0) return null;
    if (this.#folderPattern === null) {
      // A relative folder of one name is a word too: only before a separator is it a folder.
      const words = [...this.#folders].filter((folder) => !/[/\\]/.test(folder));
      const paths = [...this.#folders].filter((folder) => /[/\\]/.test(folder));
      const either = [
        ...(paths.length === 0 ? [] : [`(?:${alternatives(paths)})(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`]),
        ...(words.length === 0 ? [] : [`(?:${alternatives(words)})(?=[/\\\\])`]),
      ];
      this.#folderPattern = new RegExp(`(?<![\\p{L}\\p{N}/\\\\._-])(?:${either.join("|")})`, "gu");
    }
    return this.#folderPattern;
  }

  #pattern(): RegExp | null {
    if (this.#names.size === 0) return null;
    this.#namePattern ??= new RegExp(
      `(?<![\\p{L}\\p{N}])(?:${alternatives(this.#names.keys())})(?![\\p{L}\\p{N}])`,
      "giu",
    );
    return this.#namePattern;
  }

  #substitute(found: string, kind: IdentifierKind): string {
    const plain = kind === "dir" ? found : found.toLowerCase();
    const key = `${kind} ${canonical(plain, kind)}`;
    const known = this.#substitutes.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const substitute = `${kind}-${count}`;
    this.#substitutes.set(key, substitute);
    return substitute;
  }
}

/** By what a name is called, too: a host by its first label or without what tells it from its namesakes, an id by its begin. */
function partsOf(text: string, kind: IdentifierKind): string[] {
  if (kind === "id") return /^[0-9a-f]{32}$/i.test(text) ? [text.slice(0, SHORT_ID)] : [];
  if (kind !== "host") return [];
  const [, name = text, id] = /^(.+) \(machine ([0-9a-f]{12})\)$/.exec(text) ?? [];
  const short = name.split(".")[0] ?? "";
  return [name, short, ...(id === undefined ? [] : [id])].filter((part) => part !== text && isName(part));
}

/** Digits of a machine id by which hosts of one name are told apart. */
const SHORT_ID = 12;

/** One spelling of an identifier: a host goes by its first label, as in the timeline. */
function canonical(plain: string, kind: IdentifierKind): string {
  if (kind === "mac") return plain.replaceAll("-", ":");
  const short = plain.split(".")[0] ?? "";
  return kind === "host" && isName(short) ? short : plain;
}

/** For a regular expression: any of these texts, the longest first. */
function alternatives(texts: Iterable<string>): string {
  return [...texts]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join("|");
}

/** A number alone is an id that names nobody (guest 103), and to replace it would change figures. */
function isName(text: string): boolean {
  return text !== "" && !/^\d+$/.test(text) && text !== "-";
}

/** A time of day is no address: IPv6 has a `::` or eight groups. */
function isAddress(kind: IdentifierKind, found: string): boolean {
  return (
    kind !== "ip" || found.includes(".") || (found.includes("::") && found !== "::") || found.split(":").length === 8
  );
}

function walk(value: unknown, field: string | null, visit: (text: string, field: string | null) => void): void {
  if (typeof value === "string") visit(value, field);
  else if (Array.isArray(value)) for (const one of value) walk(one, field, visit);
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) walk(one, key, visit);
}
