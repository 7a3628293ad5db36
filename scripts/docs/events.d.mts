import type { EvidenceParser, KernelEvent } from "@hangproof/parser";

export interface CatalogueTables {
  readonly catalogue: readonly { readonly id: string; readonly samples: readonly string[] }[];
  readonly lines: readonly {
    readonly file: string;
    readonly row: readonly [string, string, string, string | null, string, string, ...string[]];
    readonly samples: readonly string[];
  }[];
}
export function eventsTable(source: string, examples: ReadonlyMap<string, string>): string;
export function messagesTable(tables: CatalogueTables): string;
export function examplesOf(lines: Iterable<string>): Map<string, string>;
export function otherEvents(parser: typeof EvidenceParser): KernelEvent[];
