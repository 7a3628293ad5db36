/**
 * The scanner's inner loops, in AssemblyScript: `node packages/parser/wasm/build.mjs` makes `src/scan/kernel-base64.ts` of
 * them. What they do and why: `src/scan/README.md`. They keep nothing between calls, allocate nothing, call nothing
 * outside, and live in one linear memory.
 */
export { hidingAt } from "./bytes";
export { entries } from "./entries";
export { fileEntries } from "./file-entries";
export { pass } from "./pass";
export { holdsNeedle, scan } from "./scan";
export { split } from "./split";
