import { TableRows } from "@hangproof/fleet";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { printableJson } from "../layout/escape.js";

/**
 * Prints the rows of one evidence. Rows of `events` come as they are read and have its label; its key, and the host of
 * those that name none, are in its row of `evidence`, which comes last.
 */
export function rowPrinter(label: string, write: (text: string) => Promise<void>): RowPrinter {
  const tables = new TableRows();
  let text = "";
  const put = (table: string, row: object): void => {
    text += `${printableJson(JSON.stringify({ table, label, ...row }))}\n`;
  };
  const flush = async (): Promise<void> => {
    const ready = text;
    text = "";
    await write(ready);
  };
  return {
    add: (event) => {
      put("events", tables.event(event));
      for (const row of tables.settings(event)) put("settings", row);
    },
    drain: flush,
    finish: async (summary) => {
      for (const row of tables.coverage(summary)) put("coverage", row);
      for (const row of tables.windows()) put("windows", row);
      put("evidence", tables.evidence(summary));
      await flush();
      return "added";
    },
    abandon: () => {},
  };
}

interface RowPrinter {
  add(event: KernelEvent): void;
  /** Writes what was added so far. */
  drain(): Promise<void>;
  finish(summary: EvidenceSummary): Promise<"added">;
  abandon(): void;
}
