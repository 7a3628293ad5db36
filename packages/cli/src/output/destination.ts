import type { Context } from "../context.js";
import { CliError, EXIT } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { BrokenPipe } from "../stdio.js";

/** Where a command's output goes. */
export interface Destination {
  readonly isTerminal: boolean;
  /** Files that hold the output, or will: no evidence, should they stand among it. */
  readonly ownFiles: readonly string[];
  write(text: string): Promise<void>;
  /** The output is whole. */
  finish(): Promise<void>;
  /** The output is not whole: nothing of it stays in a file. */
  abandon(): Promise<void>;
}

/**
 * Names what could not be written.
 * @throws CliError (cannotCreate); BrokenPipe as it is
 */
export async function written<Value>(name: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BrokenPipe) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.cannotCreate, `${visible(name)}: cannot be written: ${visible(why)}`, { cause: error });
  }
}

/** Leads to the file that a shell sends standard output to. */
export const STANDARD_OUTPUT = "/dev/stdout";

/**
 * Standard output, or a file that appears under its name only when it is whole.
 * @param ctx names standard output itself where that cannot be written
 * @throws CliError (cannotCreate) here and in `write` and `finish` for what cannot be written; BrokenPipe as it is
 */
export async function openDestination(path: string | undefined, ctx: Context): Promise<Destination> {
  const toFile = path !== undefined && path !== "-";
  if (!toFile)
    return {
      isTerminal: ctx.outIsTerminal,
      ownFiles: [STANDARD_OUTPUT],
      write: (text) => ctx.out(text),
      finish: async () => {},
      abandon: async () => {},
    };
  const guard = <Value>(work: Promise<Value>): Promise<Value> => written(path, work);
  const file = await guard(ctx.createFile(path));
  return {
    isTerminal: false,
    ownFiles: [path, file.path],
    write: (text) => guard(file.write(text)),
    finish: () => guard(file.commit()),
    abandon: () => file.discard(),
  };
}
