import { statSync } from "node:fs";
import process from "node:process";
import { ParserError } from "../../model/diagnostic.js";
import type { FormName } from "../../model/evidence.js";
import type { Pack } from "../../model/pack.js";
import { type Batch, EvidenceParser } from "../../read/parse.js";
import { findInputs } from "../find-inputs.js";
import { openFound } from "../stored-bytes.js";
import { growingFile, kernelRing, type LiveOptions, type LiveStep, pipeChunks } from "./live-chunks.js";

/** How a live log is read. */
export interface FollowOptions extends LiveOptions {
  /** Zone of stamps that name none; absent: this machine's. */
  readonly timeZone?: string;
  readonly form?: FormName;
  readonly windowUnits?: readonly string[];
  /** As in `ParseOptions`. */
  readonly maxLineBytes?: number;
  /** As in `ParseOptions`. */
  readonly packs?: readonly Pack[];
}

/** What came; a batch without anything in it tells of silence. */
export interface Followed extends Batch {
  /** Nothing came for `pollMs`. */
  readonly isSilent: boolean;
}

/** The year of a yearless live log is the present one. */
const yearOf = (now: Date): number => now.getFullYear();

/**
 * Events as they are written: of a growing file (with its rotations), of a named pipe, of standard input (`-`), or of
 * `/dev/kmsg`; folders, sockets and other devices are refused. A record
 * that may still go on is held until the next one begins or nothing came for `pollMs`. Ends with standard input or the pipe, or by
 * the signal. Memory does not grow.
 * @throws ParserError READ_FAILED when the input cannot be read, BAD_OPTION when the zone is unknown
 */
export async function* followEvents(path: string, options: FollowOptions = {}): AsyncGenerator<Followed, void, void> {
  const isRing = path === "/dev/kmsg";
  const begin = (): EvidenceParser =>
    new EvidenceParser({
      evidence: path,
      timeZone: options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      timeZoneAssumed: options.timeZone === undefined,
      firstYear: yearOf(new Date()),
      yearSource: "caller",
      ...(options.windowUnits === undefined ? {} : { windowUnits: options.windowUnits }),
      ...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
      ...(options.packs === undefined ? {} : { packs: options.packs }),
      ...(isRing ? { form: "kmsg" as const } : options.form === undefined ? {} : { form: options.form }),
    });
  let parser = begin();
  for await (const step of stepsOf(path, isRing, options)) {
    if (options.signal?.aborted === true) return;
    if (step.kind === "bytes") yield { ...parser.push(step.bytes), isSilent: false };
    else if (step.kind === "silent") yield { ...parser.settle(), isSilent: true };
    else {
      yield { ...parser.end(), isSilent: false };
      parser = begin();
    }
  }
  yield { ...parser.end(), isSilent: false };
}

function stepsOf(path: string, isRing: boolean, options: FollowOptions): AsyncGenerator<LiveStep, void, void> {
  if (path === "-") return pipeChunks(process.stdin, options);
  if (isRing) return pipeChunks(kernelRing(path), options);
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? undefined : findInputs([path], () => {})[0];
  if (file === undefined) throw new ParserError("READ_FAILED", `${path}: is a folder: one file can be followed`);
  return file.isPipe ? pipeChunks(openFound(file, { signal: options.signal }), options) : growingFile(path, options);
}
