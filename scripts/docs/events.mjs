import { igc } from "../../examples/packs/igc.mjs";
import { table } from "./generated.mjs";

/** A log line for each kind that the bundled case has none of. */
const LINES = [
  "2025-10-12T02:31:04.120000+00:00 pve1 kernel: e1000e 0000:00:1f.6 eno1: a message that nobody knows",
  "2025-10-12T02:31:04.120000+00:00 pve1 kernel: igb 0000:06:00.0: Detected Tx Unit Hang",
  "2025-10-12T02:31:04.120000+00:00 pve1 kernel: PM: suspend entry (deep)",
  "2025-10-12T02:31:09.120000+00:00 pve1 kernel: PM: suspend exit",
  "2025-10-12T02:31:12.120000+00:00 pve1 chronyd[812]: System clock was stepped by -0.731205 seconds",
  "2025-10-12T02:31:10.120000+00:00 pve1 kernel: bond0: (slave eno1): link status definitely down, disabling slave",
  "2025-10-12T02:31:10.220000+00:00 pve1 corosync[911]:   [KNET  ] link: host: 2 link: 0 is down",
  "2025-10-12T02:31:10.320000+00:00 pve1 corosync[911]:   [TOTEM ] Token has not been received in 2737 ms",
  "2025-10-12T02:31:10.420000+00:00 pve1 pmxcfs[870]: [status] notice: node lost quorum",
  "2025-10-12T02:31:10.520000+00:00 pve1 kernel: nfs: server nas.example not responding, still trying",
  "2025-10-12T02:31:10.620000+00:00 pve1 pvedaemon[1201]: VM 103 is locked (backup)",
  "2025-10-12T02:31:14.120000+00:00 pve1 systemd-journald[311]: Missed 12 kernel messages",
];

/** What kinds without a log line come from. */
const OUTPUT = ["Features for eno1:", "tcp-segmentation-offload: on"];

/** What only a pack reads. */
const OF_PACKS = [
  "igc 0000:03:00.0 enp3s0: Detected Tx Unit Hang",
  "  Tx Queue             <2>",
  "  TDH                  <a4>",
  "  TDT                  <b1>",
  "igc 0000:03:00.0 enp3s0: Tx timestamp timeout",
  "igc 0000:03:00.0 enp3s0: Reset adapter",
].map((message) => `2025-10-12T02:31:04.120000+00:00 nas kernel: ${message}`);

/** Events of the kinds that the bundled case has none of. */
export function otherEvents(EvidenceParser) {
  return [
    ["example.log", LINES],
    ["ethtool-k-eno1.txt", OUTPUT],
    ["igc.log", OF_PACKS, [igc]],
  ].flatMap(([evidence, lines, packs = []]) => {
    const parser = new EvidenceParser({ evidence, timeZone: "UTC", packs });
    return [...parser.push(new TextEncoder().encode(`${lines.join("\n")}\n`)).events, ...parser.end().events];
  });
}

/** The first line of every kind, by kind. Labels are cut to what is the same on every machine. */
export function examplesOf(lines) {
  const found = new Map();
  for (const line of lines) {
    const event = JSON.parse(line);
    if (found.has(event.kind)) continue;
    event.provenance.evidence = event.provenance.evidence.replace(/^.*(?=fixtures\/cases\/)/, "");
    found.set(event.kind, JSON.stringify(event));
  }
  return found;
}

const COMMENT = String.raw`(?:/\*\*((?:(?!\*/)[\s\S])*)\*/\s*)?`;
const INTERFACE = new RegExp(`${COMMENT}export interface \\w+ extends EventOf<"([^"]+)"> \\{([^}]*)\\}`, "g");
const MEMBER = new RegExp(String.raw`${COMMENT}readonly (\w+): ([^;]+);`, "g");

/** Every event kind with its fields, from the interfaces of packages/parser/src/model/event.ts and their comments. */
export function eventsTable(source, examples) {
  const parts = [...source.matchAll(INTERFACE)].map(([, comment, kind, body]) => {
    const rows = [...body.matchAll(MEMBER)].map(([, what, name, type]) => [
      `\`${name}\``,
      `\`${type.replace(/\s+/g, " ").trim()}\``,
      plain(what),
    ]);
    const example = examples.get(kind);
    return [
      `### \`${kind}\``,
      "",
      ...(comment === undefined ? [] : [plain(comment), ""]),
      ...(rows.length === 0 ? [] : [table(["field", "type", "what it is"], rows)]),
      ...(example === undefined ? [] : ["```jsonl", example, "```", ""]),
    ].join("\n");
  });
  return parts.join("\n");
}

/** The driver's messages: what each becomes, who prints it, since and until when, and how it looks. */
export function messagesTable({ catalogue, lines }) {
  const rows = lines.map(({ file, row, samples }) => {
    const [printedBy, call, since, until, becomes, format] = row;
    const what = becomes.startsWith("-") ? `nothing: ${NOTHING[becomes]}` : `\`${becomes}\``;
    const text = format === "" ? "–" : code(format);
    return [
      text,
      `${file}, \`${printedBy}()\``,
      call,
      until === null ? `${since} on` : `${since}–${until}`,
      what,
      sampleOf(samples),
    ];
  });
  const ours = new Set(lines.map(({ row }) => row[4]));
  const others = catalogue
    .filter(({ id }) => !ours.has(`e1000e.message/${id}`))
    .map(({ id, samples }) => [`\`e1000e.message/${id}\``, samples.map(code).join(", ")]);
  return [
    table(["format", "printed by", "call", "kernels read", "becomes", "a line of it"], rows),
    "Not of the driver's own source, or of level debug, and known all the same:",
    "",
    table(["becomes", "looks like"], others),
  ].join("\n");
}

const NOTHING = {
  "-bare": "printed without any prefix, so that nothing tells whose it is",
  "-continued": "the rest of a line",
  "-frame": "a kernel BUG or WARNING without a text of its own",
  "-caller": "told to the calling program, not to the log",
  "-varies": "any text",
};

function sampleOf(samples) {
  const last = samples.at(-1);
  return last === undefined ? "–" : code(last);
}

/** One line of code; of more lines, the first. */
function code(text) {
  const [first, ...more] = text.trim().split("\n");
  const cut = first.length > MOST ? `${first.slice(0, MOST)}…` : first;
  return `\`${cut}\`${more.length === 0 ? "" : ` and ${more.length} lines`}`;
}

const MOST = 100;

/** A comment's text on one line. */
function plain(comment) {
  return (comment ?? "")
    .replace(/^\s*\*\s?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
