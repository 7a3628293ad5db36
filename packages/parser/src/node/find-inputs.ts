import { lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, ParserError } from "../model/diagnostic.js";

/** One file to read. */
export interface Input {
  /** As the caller gave it, or the folder as given and the way below it. `-` is standard input. */
  readonly label: string;
  /** Null for standard input. */
  readonly path: string | null;
  /** Stored bytes; 0 for standard input. */
  readonly size: number;
  /** Unix milliseconds; null for standard input. */
  readonly modifiedMs: number | null;
}

/** Pictures, programs and archives that stand beside logs and are none. */
const NO_LOG = /\.(?:png|jpe?g|gif|pdf|zip|html?|js|so|o|deb|rpm|sqlite|db)$/i;

/**
 * Regular files behind the paths, folders read to any depth in the order of their names. Symbolic links below a folder
 * are not followed; devices and sockets are not opened.
 * @throws ParserError READ_FAILED when a path that the caller named cannot be read
 */
export function findInputs(paths: readonly string[], onDiagnostic: (diagnostic: Diagnostic) => void): Input[] {
  return paths.flatMap((path): Input[] => {
    if (path === "-") return [{ label: "-", path: null, size: 0, modifiedMs: null }];
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) return below(path, onDiagnostic);
      return [{ label: path, path, size: stat.isFile() ? stat.size : 0, modifiedMs: stat.mtimeMs }];
    } catch (error) {
      throw new ParserError("READ_FAILED", `${path}: ${reasonOf(error)}`, { cause: error });
    }
  });
}

function below(folder: string, onDiagnostic: (diagnostic: Diagnostic) => void): Input[] {
  const inputs: Input[] = [];
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    onDiagnostic(unreadable(folder, error));
    return inputs;
  }
  for (const name of names) {
    const path = join(folder, name);
    try {
      const stat = lstatSync(path);
      if (stat.isDirectory()) inputs.push(...below(path, onDiagnostic));
      else if (stat.isFile() && !NO_LOG.test(name)) {
        inputs.push({ label: path, path, size: stat.size, modifiedMs: stat.mtimeMs });
      }
    } catch (error) {
      onDiagnostic(unreadable(path, error));
    }
  }
  return inputs;
}

export function unreadable(label: string, error: unknown): Diagnostic {
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
