import { NO_LOG } from "@hangproof/parser/open";

/** A file in the browser's hands: `File`, or what a test has in its place. */
export interface StoredFile {
  readonly size: number;
  /** Unix milliseconds. */
  readonly lastModified: number;
  slice(start: number, end: number): Blob;
}

/** What the user named at once: one file, or a folder with everything below it. */
export interface PickedRoot {
  readonly name: string;
  /** With the way from the folder to it, `/` between names; null for a file that was named itself. */
  readonly files: readonly { readonly path: string | null; readonly file: StoredFile }[];
}

/** A file to read, as reports call it. */
export interface PickedFile {
  readonly label: string;
  /** Label of the folder that was named; null where the file was. */
  readonly folder: string | null;
  readonly file: StoredFile;
}

interface Root {
  readonly label: string;
  readonly files: readonly PickedFile[];
}

/**
 * What was picked so far, in that order; files of a folder in the order of their names, without those that are no logs:
 * as the command finds them. The same file picked twice is there once; another of the same name gets a number.
 */
export class Selection {
  #roots: readonly Root[] = [];
  readonly #seen = new Set<string>();

  /** Every file, in the order in which it is read. */
  get files(): readonly PickedFile[] {
    return this.#roots.flatMap(({ files }) => files);
  }

  /** What was named. */
  get labels(): readonly string[] {
    return this.#roots.map(({ label }) => label);
  }

  get bytes(): number {
    return this.files.reduce((sum, { file }) => sum + file.size, 0);
  }

  add({ name, files }: PickedRoot): void {
    const taken = new Set(this.labels);
    let label = name;
    for (let number = 2; taken.has(label); number += 1) label = `${name} (${number})`;
    const picked: PickedFile[] = [];
    for (const { path, file } of [...files].sort((a, b) => inOrder(a.path, b.path))) {
      const id = JSON.stringify([name, path, file.size, file.lastModified]);
      if (this.#seen.has(id) || (path !== null && NO_LOG.test(path))) continue;
      this.#seen.add(id);
      picked.push({ label: path === null ? label : `${label}/${path}`, folder: path === null ? null : label, file });
    }
    if (picked.length > 0) this.#roots = [...this.#roots, { label, files: picked }];
  }

  clear(): void {
    this.#roots = [];
    this.#seen.clear();
  }
}

/** Folder by folder, names by their code units. */
function inOrder(a: string | null, b: string | null): number {
  const left = a?.split("/") ?? [];
  const right = b?.split("/") ?? [];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const one = left[at] ?? "";
    const other = right[at] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}
