import { folderOf } from "./fleet-key.js";

/** What lies in which folder, and below it. */
export class Neighbourhood<Thing> {
  readonly #near = new Map<string, Set<Thing>>();

  add(labels: readonly string[], thing: Thing): void {
    for (const label of labels)
      for (const folder of foldersAbove(label)) {
        const there = this.#near.get(folder);
        if (there === undefined) this.#near.set(folder, new Set([thing]));
        else there.add(thing);
      }
  }

  /** All that lie in a folder or below it. */
  within(folder: string): ReadonlySet<Thing> {
    return this.#near.get(folder) ?? new Set();
  }

  /** The one thing of the nearest folder in which any lies that counts; null for none and for several. */
  nearest(label: string, counts: (thing: Thing) => boolean = () => true): Thing | null {
    for (const folder of foldersAbove(label)) {
      const [only, ...more] = [...this.within(folder)].filter(counts);
      if (only !== undefined) return more.length === 0 ? only : null;
    }
    return null;
  }
}

/** The folder of a label and those above it, the innermost first. */
export function foldersAbove(label: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(label); ; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === "") return folders;
  }
}
