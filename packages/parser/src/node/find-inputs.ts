import { createReadStream, lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, ParserError } from "../model/diagnostic.js";

/** One file to read. */
export interface Input {
  /** As the caller gave it or calls it, or the folder so called and the way below it. `-` is standard input. */
  readonly label: string;
  /** Null for standard input. */
  readonly path: string | null;
  /** Stored bytes; 0 for standard input. */
  readonly size: number;
  /** Unix milliseconds; null for standard input. */
  readonly modifiedMs: number | null;
  /** Label of the folder that the caller named and this file was found in; null when the file itself was named. */
  readonly folder: string | null;
}

/** Pictures, programs and archives that stand beside logs and are none. */
const NO_LOG = /\.(?:png|jpe?g|gif|pdf|zip|html?|js|so|o|deb|rpm|sqlite|db)$/i;

/**
 * Regular files behind the paths, folders read to any depth in the order of their names. Symbolic links below a folder
 * are not followed; devices and sockets are not opened. A file that is reached twice is read once.
 * @param more labels: what a path is called instead of itself; except: files that are passed over where a folder holds them
 * @throws ParserError READ_FAILED when a path that the caller named cannot be read
 */
export function findInputs(
  paths: readonly string[],
  onDiagnostic: (diagnostic: Diagnostic) => void,
  more: { readonly labels?: ReadonlyMap<string, string>; readonly except?: readonly string[] } = {},
): Input[] {
  const except = new Set((more.except ?? []).flatMap(idsOf));
  const seen = new Set<string>();
  const isNew = (id: string): boolean => !seen.has(id) && seen.add(id) !== undefined;
  return paths.flatMap((path): Input[] => {
    const label = more.labels?.get(path) ?? path;
    if (path === "-") {
      const input = { label, path: null, size: 0, modifiedMs: null, folder: null };
      return isNew("-") ? [input] : [];
    }
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) return below(path, label, { folder: label, except, isNew, onDiagnostic });
      if (!isNew(idOf(stat))) return [];
      return [{ label, path, size: stat.isFile() ? stat.size : 0, modifiedMs: stat.mtimeMs, folder: null }];
    } catch (error) {
      throw new ParserError("READ_FAILED", `${path}: ${reasonOf(error)}`, { cause: error });
    }
  });
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * The stored bytes of an input, or the first of them. Errors of the disk are thrown by the iteration.
 */
export function openInput(
  input: Input,
  { signal, bytes }: { readonly signal?: AbortSignal | undefined; readonly bytes?: number } = {},
): AsyncIterable<Uint8Array> {
  if (input.path === null) return process.stdin;
  return createReadStream(input.path, {
    highWaterMark: CHUNK_BYTES,
    ...(signal === undefined ? {} : { signal }),
    ...(bytes === undefined ? {} : { end: bytes - 1 }),
  });
}

interface Walk {
  readonly folder: string;
  /** Files that are no evidence. */
  readonly except: ReadonlySet<string>;
  /** Whether a file was not reached before. */
  readonly isNew: (id: string) => boolean;
  readonly onDiagnostic: (diagnostic: Diagnostic) => void;
}

function below(path: string, label: string, walk: Walk): Input[] {
  const inputs: Input[] = [];
  let names: string[];
  try {
    names = readdirSync(path).sort();
  } catch (error) {
    walk.onDiagnostic(unreadable(label, error));
    return inputs;
  }
  for (const name of names) {
    const file = join(path, name);
    const called = join(label, name);
    try {
      const stat = lstatSync(file);
      if (stat.isDirectory()) inputs.push(...below(file, called, walk));
      else if (stat.isFile() && !NO_LOG.test(name) && !walk.except.has(idOf(stat)) && walk.isNew(idOf(stat))) {
        inputs.push({ label: called, path: file, size: stat.size, modifiedMs: stat.mtimeMs, folder: walk.folder });
      }
    } catch (error) {
      walk.onDiagnostic(unreadable(called, error));
    }
  }
  return inputs;
}

/** Of a file that may not be there, or may not be looked at. */
function idsOf(path: string): string[] {
  try {
    return [idOf(statSync(path))];
  } catch {
    return [];
  }
}

const idOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

function unreadable(label: string, error: unknown): Diagnostic {
  return { code: "input.unreadable", evidence: label, line: null, byteOffset: null, detail: reasonOf(error) };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a folder",
  EIO: "input/output error",
  ELOOP: "too many symbolic links",
  ENOTDIR: "a part of the path is no folder",
};

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? message;
}
