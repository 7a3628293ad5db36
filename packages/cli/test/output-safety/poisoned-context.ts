import { HangExplainer, type Report } from "@hangproof/analyzer";
import type { Diagnostic } from "@hangproof/parser";
import type { Context, Library } from "../../src/context.js";
import { type FakeContext, fakeContext } from "../fake-context.js";
import { infected, type Poison } from "./hostile.js";
import type { World } from "./world.js";

/** Labels of reports: a name on the command line is a text of the user's, and may come from a disk. */
export const LABEL = "journal.txt";

export interface Call {
  readonly report?: "sample" | "case";
  readonly overrides?: Partial<Context>;
}

/** A context in which all that an input says is poisoned: events, summaries, diagnostics, models, lines. */
export function poisoned(poison: Poison, world: World, { report = "sample", overrides = {} }: Call): FakeContext {
  const put = <Value>(value: Value): Value => infected(value, poison);
  const model = world.reports[report];
  const found: Report = { ...put(model), options: model.options };
  const evidence = put(world.evidence);
  const events = put(world.events);
  const diagnostics: Diagnostic[] = put([
    { code: "record.damaged", evidence: LABEL, line: 3, byteOffset: 9, detail: "a field" },
    { code: "input.skipped", evidence: LABEL, line: null, byteOffset: 0, detail: "a link" },
  ]);
  const fake: Library = {
    ...fakeContext().library,
    async *streamEvidence() {
      yield { events, diagnostics, summary: evidence[0] ?? null };
      return evidence;
    },
    startAnalysis: () => ({ add: () => {}, addEvidence: () => {}, finish: () => found }),
    startExplanation: () => new HangExplainer(),
    reportLake: async () => put(world.fleet),
    openLake: async () => ({ close: async () => {} }) as Awaited<ReturnType<Library["openLake"]>>,
    async *followEvents() {
      yield { events, diagnostics, isSilent: false };
    },
  };
  const excerpt = Buffer.from(
    `e1000e eno1: Detected Hardware Unit Hang: ${poison.text}\n  TDH ${poison.text}\n  ${poison.text}\n`,
  );
  return fakeContext(undefined, { library: fake, exists: async () => true, readAt: async () => excerpt, ...overrides });
}

/** The name of evidence with the text in it. */
export const labelOf = ({ text, placement }: Poison): string =>
  placement === "instead" ? text : placement === "before" ? text + LABEL : LABEL + text;
