import type { DumpPart } from "../drivers/e1000e/hang-assembler.js";
import type { DumpLine } from "../model/pack.js";

/** Reads the lines of one driver's dump. */
export interface DumpReader {
  /** All names, in the order of the dump. */
  readonly fields: readonly string[];
  /** What a text holds of a dump; null: nothing. Linear. */
  readonly read: (text: string) => DumpPart | null;
}

const escaped = (label: string): string =>
  label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ +/g, String.raw`\s{1,8}`);
const VALUE = /<([0-9a-fA-F]{1,16})>/g;

/** A reader for the lines of a dump, by label and never by column: pastes collapse blanks and join lines. */
export function dumpReader(lines: readonly DumpLine[]): DumpReader {
  const byLabel = new Map(lines.map((line) => [folded(line.label), line]));
  // The longest first: a label may begin like another one.
  const labels = lines.map(({ label }) => label).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const any = labels.map(escaped).join("|");
  const field = new RegExp(
    String.raw`(?<![\w.\[-])(${any})\s{0,40}((?:<[0-9a-fA-F]{1,16}>(?:,\s{0,4}(?=<))?){1,8})`,
    "g",
  );
  const headings = lines.filter(({ fields }) => fields?.length === 0).map(({ label }) => escaped(label));
  const heading = headings.length === 0 ? null : new RegExp(String.raw`^\s*(?:${headings.join("|")}):?\s*$`);
  return {
    fields: lines.flatMap(({ label, fields }) => fields ?? [label]),
    read: (text) => {
      if (lines.length === 0) return null;
      const fields: (readonly [string, number])[] = [];
      for (const [, label = "", values = ""] of text.matchAll(field)) {
        const line = byLabel.get(folded(label));
        const names = line?.fields ?? [line?.label ?? label];
        const radix = line?.radix ?? 16;
        [...values.matchAll(VALUE)].slice(0, names.length).forEach(([, digits = ""], at) => {
          const value = Number.parseInt(digits, radix);
          if (!Number.isNaN(value)) fields.push([names[at]!, value]);
        });
      }
      return fields.length > 0 || heading?.test(text) === true ? { fields, foreign: false } : null;
    },
  };
}

const folded = (label: string): string => label.replace(/\s+/g, " ");
