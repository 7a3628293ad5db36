import { HangExplainer } from "@hangproof/analyzer";
import { openLake, reportLake } from "@hangproof/fleet";
import { openLedger } from "@hangproof/ledger";
import type { Diagnostic, EvidenceSummary, HangEvent, KernelEvent } from "@hangproof/parser";
import type { Context, EventBatch, Library } from "../src/context.js";
import { NOW, sampleReport } from "./sample-report.js";

export const sampleEvent: HangEvent = {
  kind: "e1000e.hang",
  time: { unixMs: 1762046444123.5, bootMs: 12.5, source: "utc", uncertaintyMs: 0.5, year: null },
  host: "pve1",
  bootId: null,
  trust: "kernel",
  provenance: { evidence: "journal.txt", line: 3, byteOffset: 200, byteLength: 90 },
  adapter: { pci: "0000:00:19.0", interface: "eno1" },
  registers: { TDH: 1 },
  missing: [],
};

/** What the fake library reads. */
export interface Evidence {
  readonly events: readonly KernelEvent[];
  readonly evidence: readonly EvidenceSummary[];
  readonly diagnostics: readonly Diagnostic[];
}

export const sampleEvidence: Evidence = {
  events: [sampleEvent],
  evidence: [
    {
      evidence: "journal.txt",
      form: "journal-short-iso",
      formReason: "test",
      formConfidence: 1,
      forms: {},
      sha256: null,
      storedBytes: null,
      bytes: 1,
      lines: 1,
      records: 1,
      kernelRecords: 1,
      events: { "e1000e.hang": 1 },
      hosts: ["pve1"],
      boots: 1,
      clocks: { offset: 1 },
      lost: { records: 0, atLeast: false, beforeMs: null, isTail: false },
      suspicious: [],
      span: null,
      activeHours: [],
      zone: null,
      zoneAssumed: false,
      year: null,
      diagnostics: {},
    },
  ],
  diagnostics: [],
};

export interface FakeContext extends Context {
  readonly stdout: string[];
  readonly stderr: string[];
  /** Committed files by path. */
  readonly files: Map<string, string>;
  readonly calls: {
    analyze: Parameters<Library["startAnalysis"]>[0][];
    read: string[][];
    zones: (string | undefined)[];
  };
}

/** A context on memory, with `evidence` behind the library and every path in existence but those named `missing…`. */
export function fakeContext(evidence: Evidence = sampleEvidence, overrides: Partial<Context> = {}): FakeContext {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const files = new Map<string, string>();
  const calls: FakeContext["calls"] = { analyze: [], read: [], zones: [] };
  return {
    stdout,
    stderr,
    files,
    calls,
    out: async (text) => void stdout.push(text),
    err: (text) => void stderr.push(text),
    outIsTerminal: false,
    errIsTerminal: false,
    width: null,
    env: {},
    now: () => NOW,
    timeZone: () => "UTC",
    command: ["/usr/bin/node", "/usr/bin/hangproof"],
    runProgram: async () => null,
    hostEvidence: async () => ["journal.txt"],
    exists: async (path) => !path.startsWith("missing"),
    readText: async (path) => files.get(path) ?? "",
    readBytes: async (path) => Buffer.from(files.get(path) ?? ""),
    readAt: async (path, offset, length) => {
      const text = files.get(path);
      return text === undefined ? null : Buffer.from(text).subarray(offset, offset + length);
    },
    createFile: async (path) => {
      let content = "";
      return {
        path: `${path}.tmp`,
        write: async (text) => {
          content += text;
        },
        commit: async () => void files.set(path, content),
        discard: async () => {},
      };
    },
    signal: new AbortController().signal,
    version: "1.2.3",
    library: {
      async *streamEvidence(paths, { timeZone }): AsyncGenerator<EventBatch, Evidence["evidence"], void> {
        calls.read.push([...paths]);
        calls.zones.push(timeZone);
        yield { events: evidence.events, diagnostics: evidence.diagnostics, summary: evidence.evidence[0] ?? null };
        return evidence.evidence;
      },
      startAnalysis: (options) => {
        calls.analyze.push(options);
        return { add: () => {}, addEvidence: () => {}, finish: () => sampleReport };
      },
      startExplanation: () => new HangExplainer(),
      async *followEvents() {
        yield { events: evidence.events, diagnostics: evidence.diagnostics, isSilent: false };
      },
      openLake,
      reportLake: async (lake, options) => reportLake(await lake.read(), options),
      openLedger,
    },
    ...overrides,
  };
}
