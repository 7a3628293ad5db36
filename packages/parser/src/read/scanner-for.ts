import type { Pack } from "../model/pack.js";
import { readyPacks } from "../packs/compile.js";
import type { Scanner } from "../scan/scanner.js";
import { wantedWith } from "./needles.js";

/**
 * The scanner that parsers with such names and packs use; null where names are looked for that no scanner can find.
 * @throws ParserError BAD_OPTION when a pack is not in order
 */
export function scannerFor(windowUnits: readonly string[] = [], packs: readonly Pack[] = []): Scanner | null {
  const names = windowUnits.filter((name) => name !== "");
  return wantedWith(names, readyPacks(packs)?.needles).scanner?.() ?? null;
}
