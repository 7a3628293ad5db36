import type { Explained, FailureCandidate, HangExplanation, OtherHang } from "@hangproof/analyzer";
import { decodeHang, type HangEvent } from "@hangproof/parser";
import { type Block, leftWhole, right } from "../layout/document.js";
import { count } from "../layout/format.js";
import { FAILURE_MODE_NAMES } from "./failure-modes.js";
import { ageText, fieldText, missingText, ringTexts, tickRateOf } from "./hang-words.js";

export interface ExplainNotes {
  /** Descriptors of the transmit ring; null where the user did not say. */
  readonly ring: number | null;
  /** Blocks of register lines without the line that begins a report. */
  readonly headless: number;
}

/** A dump in plain words, what it looks like, and what to do. */
export function explainBlocks({ adapters, others }: Explained, { ring, headless }: ExplainNotes): Block[] {
  return [
    ...(adapters.length === 0 ? NOTHING : adapters.flatMap((one) => adapterBlocks(one, ring))),
    ...otherBlocks(others),
    ...(headless === 0 ? [] : [{ kind: "warning", text: headlessText(headless) } as const]),
  ];
}

function headlessText(n: number): string {
  const what = `${count(n, "block")} of register lines without the line before them`;
  return `${what}: whose they are is not known; paste from "Detected Hardware Unit Hang:" on`;
}

const NOTHING: readonly Block[] = [
  { kind: "paragraph", text: "No hang report, transmit timeout or reset of an e1000e adapter in the input." },
];

function adapterBlocks(one: HangExplanation, ringSize: number | null): Block[] {
  const { judgement, advice, signs } = one;
  const title = advice?.title ?? FAILURE_MODE_NAMES[judgement.mode];
  const counts = [
    count(signs.reports, "hang report"),
    count(signs.timeouts, "transmit timeout"),
    count(signs.resets, "reset"),
  ].join(", ");
  const kernel = one.kernelRelease === null ? "kernel not named" : `kernel ${one.kernelRelease}`;
  return [
    {
      kind: "verdict",
      tone: judgement.mode === "unclear" ? "unsure" : "bad",
      headline: `${nameOf(one)}: ${title}`,
      wouldMove: `${counts}; ${kernel}`,
    },
    ...listOf("What speaks for it", judgement.for),
    ...listOf("What speaks against it", judgement.against),
    ...listOf("Do this next", advice?.doNext ?? []),
    ...listOf("Do not bother with", advice?.doNotBother ?? []),
    ...listOf("Also weighed", judgement.others.map(candidateText)),
    ...(one.fullest === null ? [] : dumpBlocks(one, one.fullest, ringSize)),
  ];
}

function dumpBlocks(one: HangExplanation, hang: HangEvent, ringSize: number | null): Block[] {
  const decoded = decodeHang(hang, ringSize);
  const rate = tickRateOf(one.shown);
  const place = `line ${hang.provenance.line}`;
  const which = one.reports === 1 ? place : `${place}, the fullest of ${one.reports} reports`;
  if (decoded.fields.length === 0) {
    return [{ kind: "paragraph", text: `The report (${which}) came without any of its register lines.` }];
  }
  return [
    ...listOf(`The registers (${which})`, [...decoded.fields.map(fieldText), ...missingText(decoded.missing)]),
    ...listOf("The transmit ring", [...ringTexts(decoded.ring), ageText(decoded.age, rate)]),
    ...(one.shown.length < 2 ? [] : movement(one)),
  ];
}

/** Report by report: what moved. */
function movement({ shown, reports, signs }: HangExplanation): Block[] {
  const hex = (event: HangEvent, field: keyof HangEvent["registers"]): string => {
    const value = event.registers[field];
    return value === undefined ? "-" : value.toString(16);
  };
  const rows = shown.map((event, i) => {
    const { TDH, jiffies, time_stamp: stamp } = event.registers;
    const before = shown[i - 1]?.registers.TDH;
    const moved = i === 0 || TDH === undefined || before === undefined ? "-" : TDH === before ? "no" : "yes";
    const age = jiffies === undefined || stamp === undefined ? "-" : String(jiffies - stamp);
    return [String(event.provenance.line), hex(event, "TDH"), hex(event, "TDT"), hex(event, "time_stamp"), age, moved];
  });
  const note =
    signs.headPairs === 0
      ? "Whether the head moves cannot be told: TDH is not in two reports in a row."
      : signs.headMoved === 0
        ? `The head (TDH) stands still through all ${reports} reports.`
        : `The head (TDH) moved in ${signs.headMoved} of ${count(signs.headPairs, "step")}: the hardware does work.`;
  return [
    { kind: "heading", text: "From report to report" },
    {
      kind: "table",
      columns: [
        right("line"),
        right("TDH"),
        right("TDT"),
        right("time_stamp"),
        right("age, ticks"),
        leftWhole("head moved"),
      ],
      rows,
    },
    { kind: "paragraph", text: reports > shown.length ? `${note} The first ${shown.length} are shown.` : note },
  ];
}

function otherBlocks(others: readonly OtherHang[]): Block[] {
  const items = others.map(({ driver, adapter, lines, place }) => {
    const where = [adapter.pci, adapter.interface].filter((part) => part !== null).join(" ");
    const whose = driver === null ? "a driver that the line does not name" : driver;
    return `${whose}${where === "" ? "" : ` (${where})`}: ${count(lines, "line")}, the first in line ${place.line}`;
  });
  return listOf("Of other drivers, counted as nothing", items);
}

function candidateText({ mode, for: pro, against }: FailureCandidate): string {
  const con = against.length === 0 ? "" : `; against it: ${against.join("; ")}`;
  return `${FAILURE_MODE_NAMES[mode]}: ${pro.join("; ")}${con}`;
}

function nameOf({ adapter }: HangExplanation): string {
  if (adapter.interface !== null)
    return adapter.pci === null ? adapter.interface : `${adapter.interface} (${adapter.pci})`;
  return adapter.pci ?? "adapter not named";
}

function listOf(heading: string, items: readonly string[]): Block[] {
  return items.length === 0
    ? []
    : [
        { kind: "heading", text: heading },
        { kind: "list", items },
      ];
}
