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

/**
 * Files and folders that were dropped, folders to any depth. To be called in the event's handler, which forgets them.
 *
 * Chromium opens no folder so for a page from a disk: then it stands among the unopened. Its newer handles would, but
 * pass over names with a colon without a word, and Proxmox's task logs are called like that.
 */
export async function droppedOf(transfer: DataTransfer): Promise<Picked> {
  const unopened: Picked["unopened"][number][] = [];
  const onFault: OnFault = (label, error) => void unopened.push({ label, reason: reasonOf(error) });
  const dropped = [...transfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const roots: PickedRoot[] = [];
  for (const { entry, file } of dropped) {
    if (entry !== null && isFolder(entry)) {
      const files: RootFile[] = [];
      for await (const one of filesBelow(entry, "", onFault)) files.push(one);
      roots.push({ name: entry.name, files });
    } else if (file !== null) roots.push({ name: file.name, files: [{ path: null, file }] });
  }
  return { roots, unopened };
}

/** Whether one folder is dropped and nothing else, which a browser can put into an `<input webkitdirectory>`. */
export function isOneFolder(transfer: DataTransfer): boolean {
  const [item, ...more] = transfer.items;
  return more.length === 0 && item?.webkitGetAsEntry()?.isDirectory === true;
}

type OnFault = (label: string, error: unknown) => void;

async function* filesBelow(
  folder: FileSystemDirectoryEntry,
  above: string,
  onFault: OnFault,
): AsyncGenerator<RootFile, void, void> {
  try {
    for await (const entry of entriesOf(folder)) {
      const path = `${above}${entry.name}`;
      if (isFolder(entry)) yield* filesBelow(entry, `${path}/`, onFault);
      else {
        try {
          yield { path, file: await fileOf(entry as FileSystemFileEntry) };
        } catch (error) {
          onFault(labelOf(entry), error);
        }
      }
    }
  } catch (error) {
    onFault(labelOf(folder), error);
  }
}

async function* entriesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry, void, void> {
  const reader = folder.createReader();
  const next = (): Promise<FileSystemEntry[]> => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  // Some browsers give a hundred at a time, and none at the end.
  for (let some = await next(); some.length > 0; some = await next()) yield* some;
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const labelOf = ({ fullPath }: FileSystemEntry): string => fullPath.replace(/^\//, "");

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
