import type { SeriesState } from "@hangproof/ledger";
import { type Block, left, right } from "../../src/layout/document.js";
import { blocksPage } from "../../src/output/html/frame.js";
import { markdownOf } from "../../src/output/markdown.js";
import { pluginLine } from "../../src/output/plugin.js";
import { renderBlocks } from "../../src/output/text.js";
import type { Form, Syntax } from "./form.js";
import { infected, type Poison } from "./hostile.js";

/** One of every kind of block, with the text in each string: small, so that each text is tried in each place. */
function blocksOf({ text, placement }: Poison): Block[] {
  const put = (one: string): string => infected(one, { text, placement });
  const forest = { rows: [{ label: put("web1"), value: 1, lower: 0.5, upper: null, counted: 2 }], reference: 1 };
  return [
    { kind: "verdict", tone: "unsure", headline: put("Cannot say."), wouldMove: put("More.") },
    { kind: "heading", text: put("Heading") },
    { kind: "paragraph", text: put("Words.") },
    { kind: "warning", text: put("Note.") },
    { kind: "list", items: [put("one"), put("two")] },
    { kind: "table", columns: [left(put("host")), right(put("n"))], rows: [[put("web1"), put("1")]] },
    { kind: "excerpt", label: put("lines"), lines: [put("e1000e"), put("TDH")] },
    { kind: "forest", forest: { ...forest, unit: put("Hangs") } },
  ];
}

export const BLOCKS: readonly Form[] = (["before", "behind", "instead"] as const).flatMap((placement): Form[] => {
  const form = (name: string, syntax: Syntax, write: (blocks: readonly Block[]) => string): Form => ({
    name: `blocks as ${name}, ${placement}`,
    syntax,
    isNarrow: true,
    render: async ({ text }) => write(blocksOf({ text, placement })),
  });
  const wide = { width: 100, colour: false, plain: false };
  return [
    form("text", "terminal", (blocks) => renderBlocks(blocks, wide)),
    form("text, stacked", "terminal", (blocks) => renderBlocks(blocks, { ...wide, width: 40 })),
    form("Markdown", "markdown", markdownOf),
    form("a page", "html", (blocks) => blocksPage("blocks", blocks)),
  ];
});

const SERIES_STATE: SeriesState = {
  host: "pve1",
  pci: "0000:00:19.0",
  interface: "eno1",
  rung: "insufficient-evidence",
  headline: "Cannot say.",
  judged: { timeMs: 0, title: "cable" },
  hangs: 1,
  onsets: [0],
  hangsSince: 0,
  isOngoing: false,
  coveredUntilMs: 0,
  coveredHours: 1,
  runs: 1,
  runsHit: 0,
  changes: [],
};

/** The first line of a check, with the text in what is judged. */
export const PLUGIN: Form = {
  name: "first line of check",
  syntax: "plugin",
  isNarrow: true,
  render: async (poison) => {
    const state = infected(SERIES_STATE, poison);
    const judgements = [state, state].map((one) => ({
      state: one,
      conditions: ["recent-hang" as const],
      level: "critical" as const,
    }));
    return pluginLine("critical", judgements, { now: 0, timeZone: "UTC", raised: () => true });
  },
};
