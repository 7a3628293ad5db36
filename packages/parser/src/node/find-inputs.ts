import { constants, fstatSync, lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { type Diagnostic, type DiagnosticCode, ParserError } from "../model/diagnostic.js";
import { NO_LOG } from "../open/input.js";

/** One file to read, as the paths led to it. */
export interface FoundFile {
  /** As the caller gave it or calls it, or the folder so called and the way below it. `-` is standard input. */
  readonly label: string;
  /** Null for standard input. */
  readonly path: string | null;
  /** Whether it is a named pipe: it can be read once, and may stay silent for ever. */
  readonly isPipe: boolean;
  /** Stored bytes; 0 for standard input and pipes. */
  readonly size: number;
  /** Unix milliseconds; null for standard input. */
  readonly modifiedMs: number | null;
  /** Label of the folder that the caller named and this file was found in; null when the file itself was named. */
  readonly folder: string | null;
}

/**
 * How files are opened. What is a regular file now may be a pipe at the next look, and an opening that waits for a
 * writer would never come back; regular files are not touched by it.
 */
export const READ_ONLY: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Files behind the paths, folders read to any depth in the order of their names. A file that is reached twice is read
 * once. Symbolic links and pipes that the caller named are followed and read; below a folder they are told and not
 * opened. Sockets and devices have no end and are never opened, but for the one that is always empty.
 * @param more labels: what a path is called instead of itself; except: files and folders that are passed over where a folder holds them
 * @throws ParserError READ_FAILED when a path that the caller named cannot be read
 */
export function findInputs(
  paths: readonly string[],
  onDiagnostic: (diagnostic: Diagnostic) => void,
  more: { readonly labels?: ReadonlyMap<string, string>; readonly except?: readonly string[] } = {},
): FoundFile[] {
  const except = new Set((more.except ?? []).flatMap(idsOf));
  const seen = new Set<string>();
  const isNew = (id: string): boolean => !seen.has(id) && seen.add(id) !== undefined;
  return paths.flatMap((path): FoundFile[] => {
    const label = more.labels?.get(path) ?? path;
    if (path === "-") {
      if (isFolder(STANDARD_INPUT)) throw new ParserError("READ_FAILED", "standard input is a folder");
      const input = { label, path: null, isPipe: false, size: 0, modifiedMs: null, folder: null };
      return isNew("-") ? [input] : [];
    }
    const stat = statOf(path);
    if (stat.isDirectory()) return below(path, label, { folder: label, except, isNew, onDiagnostic });
    const isPipe = stat.isFIFO();
    if (!stat.isFile() && !isPipe && path !== devNull)
      throw new ParserError(
        "READ_FAILED",
        `${path}: is a ${kindOf(stat)}: write what it gives to a file, and read that`,
      );
    if (!isNew(idOf(stat))) return [];
    const size = stat.isFile() ? stat.size : 0;
    return [{ label, path, isPipe, size, modifiedMs: isPipe ? null : stat.mtimeMs, folder: null }];
  });
}

const STANDARD_INPUT = 0;

function isFolder(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isDirectory();
  } catch {
    return false;
  }
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw new ParserError("READ_FAILED", `${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** What is no regular file and no folder, in words. */
function kindOf(stat: Stats): string {
  if (stat.isSymbolicLink()) return "symbolic link";
  if (stat.isFIFO()) return "pipe";
  return stat.isSocket() ? "socket" : "device";
}

interface Walk {
  readonly folder: string;
  /** Files that are no evidence. */
  readonly except: ReadonlySet<string>;
  /** Whether a file was not reached before. */
  readonly isNew: (id: string) => boolean;
  readonly onDiagnostic: (diagnostic: Diagnostic) => void;
}

function below(path: string, label: string, walk: Walk): FoundFile[] {
  const inputs: FoundFile[] = [];
  let names: string[];
  try {
    names = readdirSync(path).sort();
  } catch (error) {
    walk.onDiagnostic(fault("input.unreadable", label, reasonOf(error)));
    return inputs;
  }
  for (const name of names) {
    const file = join(path, name);
    const called = join(label, name);
    try {
      const stat = lstatSync(file);
      if (walk.except.has(idOf(stat))) continue;
      if (stat.isDirectory()) inputs.push(...below(file, called, walk));
      else if (!stat.isFile())
        walk.onDiagnostic(fault("input.skipped", called, `a ${kindOf(stat)} in a folder is not opened`));
      else if (!NO_LOG.test(name) && walk.isNew(idOf(stat))) {
        const { size, mtimeMs: modifiedMs } = stat;
        inputs.push({ label: called, path: file, isPipe: false, size, modifiedMs, folder: walk.folder });
      }
    } catch (error) {
      walk.onDiagnostic(fault("input.unreadable", called, reasonOf(error)));
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

function fault(code: DiagnosticCode, evidence: string, detail: string): Diagnostic {
  return { code, evidence, line: null, byteOffset: null, detail };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a folder",
  EIO: "input/output error",
  EAGAIN: "it gives no more for now, and has no end",
  ENXIO: "no device or program behind it",
  ELOOP: "too many symbolic links",
  ENOTDIR: "a part of the path is no folder",
};

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? message;
}
