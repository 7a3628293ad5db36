import type { Ledger } from "@hangproof/ledger";
import { Option } from "commander";
import type { Context } from "../context.js";
import { CliError, EXIT, usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";

/** What every command on a ledger takes. */
export interface LedgerOption {
  readonly ledger?: string;
}

export function ledgerOption(): Option {
  return new Option("-l, --ledger <file>", "the ledger, one file").env("HANGPROOF_LEDGER");
}

/** The ledger's path. @throws CliError (usage) when none is given */
export function ledgerPath({ ledger }: LedgerOption): string {
  if (ledger === undefined || ledger === "")
    throw usageError("which ledger? --ledger FILE, or the variable HANGPROOF_LEDGER");
  return ledger;
}

/**
 * Opens, works, and closes whatever happens. Only `mayCreate` makes a new file.
 * @throws CliError (noInput) for a ledger that is not there; LedgerError
 */
export async function withLedger<Result>(
  options: LedgerOption,
  { mayCreate = false, readOnly = false }: { readonly mayCreate?: boolean; readonly readOnly?: boolean },
  ctx: Context,
  work: (ledger: Ledger) => Result | Promise<Result>,
): Promise<Result> {
  const path = ledgerPath(options);
  if (!mayCreate && !(await ctx.exists(path)))
    throw new CliError(EXIT.noInput, `no such ledger: ${visible(path)}; hangproof check makes one`);
  const ledger = ctx.library.openLedger(path, { readOnly });
  try {
    return await work(ledger);
  } finally {
    ledger.close();
  }
}
