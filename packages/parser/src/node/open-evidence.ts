import { createHash } from "node:crypto";
import { type Diagnostic, ParserError } from "../model/diagnostic.js";
import type { Input, Platform } from "../open/input.js";
import { type Opened, openInputs, type ReadingOptions } from "../open/open-inputs.js";
import { gunzipped } from "./containers/gzip.js";
import { hashBeside, LEAST_HASHED_BESIDE_BYTES } from "./containers/hash-beside.js";
import { type FoundFile, findInputs, reasonOf } from "./find-inputs.js";
import { openFileAccess } from "./journal-file-access.js";
import { openFound } from "./stored-bytes.js";

export type { Opened } from "../open/open-inputs.js";

/** How paths are read. */
export interface OpenOptions extends ReadingOptions {
  /** What a path is called in labels instead of itself: for evidence that was moved since it was read before. */
  readonly labels?: ReadonlyMap<string, string>;
  /** Files and folders that are passed over where a folder holds them: what the caller writes there itself. */
  readonly except?: readonly string[];
}

const NODE: Platform = { createHash: () => createHash("sha256"), gunzipped, reasonOf };

/**
 * Reads files, folders and standard input (`-`), one after the other, in bounded memory, compressed files and archives
 * included, as `openInputs` says.
 * @throws ParserError READ_FAILED when a path that was named cannot be read, BAD_OPTION when the zone is unknown,
 * NOTHING_TO_READ when the folders hold no file
 */
export async function* openEvidence(
  paths: readonly string[],
  options: OpenOptions = {},
): AsyncGenerator<Opened, void, void> {
  const early: Diagnostic[] = [];
  const found = findInputs(paths, (diagnostic) => early.push(diagnostic), options);
  for (const diagnostic of early) {
    yield { evidence: diagnostic.evidence, batch: { events: [], diagnostics: [diagnostic] }, summary: null };
  }
  if (found.length === 0) throw new ParserError("NOTHING_TO_READ", `${paths.join(", ")}: no file to read`);
  yield* openInputs(found.map(inputOf), NODE, options);
}

function inputOf(file: FoundFile): Input {
  const { label, path, isPipe, size, modifiedMs, folder } = file;
  return {
    label,
    size,
    modifiedMs,
    folder,
    open: (options) => openFound(file, options),
    openAccess: path === null || isPipe ? null : (options) => openFileAccess(path, options),
    hashBeside: path === null || size < LEAST_HASHED_BESIDE_BYTES ? null : () => hashBeside(path, size),
  };
}
