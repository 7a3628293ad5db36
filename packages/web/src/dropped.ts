import { reasonOf } from "./platform.js";
import type { PickedRoot } from "./selection.js";

/** What a drop or a dialogue brought. */
export interface Picked {
  readonly roots: readonly PickedRoot[];
  /** Files and folders of it that could not be opened. */
  readonly unopened: readonly { readonly label: string; readonly reason: string }[];
}

type RootFile = PickedRoot["files"][number];

/** The files of an `<input type=file>`, or of a folder that was picked in one. */
export function pickedOf(files: Iterable<File>): Picked {
  const folders = new Map<string, RootFile[]>();
  const roots: PickedRoot[] = [];
  for (const file of files) {
    const [folder = "", ...below] = file.webkitRelativePath.split("/");
    if (below.length === 0) {
      roots.push({ name: file.name, files: [{ path: null, file }] });
      continue;
    }
    const inside = folders.get(folder) ?? [];
    if (inside.length === 0) roots.push({ name: folder, files: inside });
    folders.set(folder, inside);
    inside.push({ path: below.join("/"), file });
  }
  return { roots, unopened: [] };
}

/** As Chromium has them; the other browsers have entries, which Chromium in turn refuses to a page from a disk. */
interface WithHandle {
  readonly getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
}

/** Files and folders that were dropped, folders to any depth. To be called in the event's handler, which forgets them. */
export function droppedOf(transfer: DataTransfer): Promise<Picked> {
  const unopened: Picked["unopened"][number][] = [];
  const onFault = (label: string, error: unknown): void => void unopened.push({ label, reason: reasonOf(error) });
  const roots = [...transfer.items].flatMap((item): Promise<PickedRoot | null>[] => {
    if (item.kind !== "file") return [];
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory !== true) {
      const file = item.getAsFile();
      return file === null ? [] : [Promise.resolve({ name: file.name, files: [{ path: null, file }] })];
    }
    const handle = (item as WithHandle).getAsFileSystemHandle?.() ?? Promise.resolve(null);
    return [folderOf(entry as FileSystemDirectoryEntry, handle, onFault)];
  });
  return Promise.all(roots).then((all) => ({ roots: all.filter((root) => root !== null), unopened }));
}

type OnFault = (label: string, error: unknown) => void;

async function folderOf(
  entry: FileSystemDirectoryEntry,
  handle: Promise<FileSystemHandle | null>,
  onFault: OnFault,
): Promise<PickedRoot | null> {
  const { name } = entry;
  const files: RootFile[] = [];
  try {
    const found = await handle;
    const below =
      found?.kind === "directory"
        ? belowHandle(found as FileSystemDirectoryHandle, "", { name, onFault })
        : belowEntry(entry, "", { name, onFault });
    for await (const file of below) files.push(file);
  } catch (error) {
    onFault(name, error);
  }
  return { name, files };
}

interface Walk {
  readonly name: string;
  readonly onFault: OnFault;
}

/** The part of the interface that TypeScript's library does not have yet. */
interface IterableHandle {
  values(): AsyncIterable<FileSystemDirectoryHandle | FileSystemFileHandle>;
}

async function* belowHandle(
  folder: FileSystemDirectoryHandle,
  above: string,
  walk: Walk,
): AsyncGenerator<RootFile, void, void> {
  for await (const handle of (folder as unknown as IterableHandle).values()) {
    const path = `${above}${handle.name}`;
    try {
      if (handle.kind === "directory") yield* belowHandle(handle, `${path}/`, walk);
      else yield { path, file: await handle.getFile() };
    } catch (error) {
      walk.onFault(`${walk.name}/${path}`, error);
    }
  }
}

async function* belowEntry(
  folder: FileSystemDirectoryEntry,
  above: string,
  walk: Walk,
): AsyncGenerator<RootFile, void, void> {
  const reader = folder.createReader();
  const next = (): Promise<FileSystemEntry[]> => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  // Some browsers give a hundred at a time, and none at the end.
  for (let entries = await next(); entries.length > 0; entries = await next()) {
    for (const entry of entries) {
      const path = `${above}${entry.name}`;
      try {
        if (entry.isDirectory) yield* belowEntry(entry as FileSystemDirectoryEntry, `${path}/`, walk);
        else yield { path, file: await fileOf(entry as FileSystemFileEntry) };
      } catch (error) {
        walk.onFault(`${walk.name}/${path}`, error);
      }
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
