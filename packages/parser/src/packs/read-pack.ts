import type { DumpShape } from "../drivers/e1000e/hang-assembler.js";
import { type DriverLine, readDriverLine } from "../drivers/e1000e/prefix.js";
import { foldLines } from "../drivers/fold-lines.js";
import type { AdapterRef, Finding, TxTimeoutEvent } from "../model/event.js";
import type { Recogniser, Speaker } from "../model/pack.js";
import type { LogRecord } from "../model/record.js";
import type { ReadyDriver, ReadyPacks } from "./compile.js";
import type { DumpReader } from "./dump-lines.js";

/** What the line of a driver that a pack describes means. */
export type DriverWord =
  | { readonly word: "hang"; readonly adapter: AdapterRef; readonly shape: DumpShape }
  | { readonly word: "sign"; readonly finding: Finding };

/** What a pack's own readers made of a record. */
export interface PackFindings {
  readonly findings: readonly Finding[];
  /** What went wrong, in words; it begins with the pack's name. */
  readonly failures: readonly string[];
}

const NOTHING: PackFindings = { findings: [], failures: [] };

/** Reads a record for the packs. Keeps no state but the shapes of dumps. */
export class PackReader {
  readonly #packs: ReadyPacks;
  readonly #shapes = new Map<ReadyDriver, DumpShape>();

  constructor(packs: ReadyPacks) {
    this.#packs = packs;
  }

  /** The head of a hang report, or a sign, of a driver that a pack describes; null for all else. */
  driverWord(record: LogRecord): DriverWord | null {
    const found = this.#driverOf(record);
    if (found === null) return null;
    const { profile, line } = found;
    const { pack, driver, hang, dump, signs } = profile;
    const { adapter } = line;
    const text = line.text.trimStart();
    if (hang !== "tx-timeout" && dump !== null && text.startsWith(hang.head))
      return { word: "hang", adapter, shape: this.#shapeOf(profile, dump) };
    const folded = foldLines(text);
    for (const { sign, pattern } of signs) {
      const match = pattern.exec(folded);
      if (match === null) continue;
      const speed = Number(match.groups?.speed ?? Number.NaN);
      const speedMbps = sign === "link_up" && Number.isFinite(speed) ? speed : null;
      return { word: "sign", finding: { kind: "pack.sign", pack, driver, adapter, sign, speedMbps } };
    }
    return null;
  }

  /** A transmit timeout as its driver's hang report, where a pack says that it is one; else as it is. */
  ofTimeout(timeout: Finding<TxTimeoutEvent>): Finding {
    const profile = this.#packs.drivers.get(timeout.driver ?? "");
    if (profile?.hang !== "tx-timeout") return timeout;
    const { pack, driver } = profile;
    const { adapter, queue, stalledMs } = timeout;
    const known = Object.entries({ queue, stalledMs }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    );
    return { kind: "pack.hang", pack, driver, adapter, registers: Object.fromEntries(known), missing: [] };
  }

  /** What recognisers and window sources read; every one of them whose line it is. */
  read(record: LogRecord): PackFindings {
    const { identifier, message } = record;
    const isKernel = identifier === null || (identifier === "kernel" && record.pid === null);
    const isHeard = (by: Speaker): boolean =>
      by === "kernel" ? isKernel : identifier !== null && !isKernel && by.includes(identifier);
    const concerns = ({ by, needles }: { readonly by: Speaker; readonly needles: readonly string[] }): boolean =>
      isHeard(by) && needles.some((needle) => message.includes(needle));
    const recognisers = this.#packs.recognisers.filter(concerns);
    const windows = this.#packs.windows.filter(concerns);
    if (recognisers.length === 0 && windows.length === 0) return NOTHING;
    const findings: Finding[] = [];
    const failures: string[] = [];
    for (const one of recognisers) {
      const result = recognised(one, record);
      if (typeof result === "string") failures.push(result);
      else if (result !== null) findings.push(result);
    }
    const line = message.split("\n", 1)[0] ?? "";
    for (const { name, start, ok, failed } of windows) {
      const began = start.exec(line);
      const broke = failed?.exec(line) ?? null;
      if (began !== null) {
        const command = began.groups?.job ?? name;
        const unknown = { upid: null, storage: null, mode: null, bandwidthLimitKiBps: null } as const;
        findings.push({ kind: "backup.job_start", command, ...unknown });
      } else if (broke !== null) {
        const detail = broke.groups?.detail ?? null;
        findings.push({ kind: "backup.job_end", outcome: "failed", upid: null, detail });
      } else if (ok.test(line)) findings.push({ kind: "backup.job_end", outcome: "ok", upid: null, detail: null });
    }
    return { findings, failures };
  }

  #driverOf({ message }: LogRecord): { readonly profile: ReadyDriver; readonly line: DriverLine } | null {
    const word = /^(?:<\d>)?([a-z][\w-]{1,31})[ :]/.exec(message)?.[1];
    const profile = word === undefined ? undefined : this.#packs.drivers.get(word);
    const line = profile === undefined ? null : readDriverLine(message);
    return profile === undefined || line?.driver !== profile.driver ? null : { profile, line };
  }

  #shapeOf(profile: ReadyDriver, dump: DumpReader): DumpShape {
    let shape = this.#shapes.get(profile);
    if (shape === undefined) {
      const { pack, driver } = profile;
      shape = {
        expected: dump.fields,
        isOld: false,
        ofPack: true,
        own: ({ message }) => dump.read(message),
        event: (facts, { adapter, registers, missing }) => ({
          kind: "pack.hang",
          ...facts,
          pack,
          driver,
          adapter,
          registers,
          missing,
        }),
      };
      this.#shapes.set(profile, shape);
    }
    return shape;
  }
}

/** The event of a recogniser; null: another line; text: what went wrong. */
function recognised(one: Recogniser & { readonly pack: string }, record: LogRecord): Finding | null | string {
  const { pack, name } = one;
  let fields: ReturnType<Recogniser["read"]>;
  try {
    fields = one.read(record.message, record);
  } catch (error) {
    return `${pack}: ${name} threw ${error instanceof Error ? error.message : String(error)}`;
  }
  if (fields === null) return null;
  const strange = Object.entries(fields).find(([, value]) => !isValue(value));
  if (strange !== undefined) return `${pack}: ${name} gave ${strange[0]}, which is no value`;
  return { kind: "pack.event", pack, name, fields: { ...fields } };
}

/** What JSON keeps as it is. */
function isValue(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
