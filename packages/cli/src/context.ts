import type { AnalyzeOptions, Explained, FleetReport, Report } from "@hangproof/analyzer";
import type { FleetReportOptions, Lake, LakeOptions } from "@hangproof/fleet";
import type { Ledger, LedgerOptions } from "@hangproof/ledger";
import type { Diagnostic, EvidenceSummary, FormName, KernelEvent } from "@hangproof/parser";
import type { Followed, FollowOptions } from "@hangproof/parser/node";
import type { InputLimits } from "./limits.js";

/** How far reading has come. */
export interface Progress {
  readonly bytesRead: number;
  /** Null when an input has no known size (a pipe). */
  readonly bytesTotal: number | null;
}

export interface ReadOptions {
  /** Zone of stamps that name none; absent: this machine's, and the report says that it was assumed. */
  readonly timeZone?: string;
  /** The zone that is assumed then; absent: this machine's. */
  readonly assumedTimeZone?: string;
  /** What a path is called in labels instead of itself. */
  readonly labels?: ReadonlyMap<string, string>;
  /** Files that are no evidence where a folder holds them: what the command writes itself. */
  readonly except?: readonly string[];
  /** Units of systemd and commands of cron whose runs are backups. */
  readonly windowUnits?: readonly string[];
  /** Reads each input as if it were the only one. */
  readonly separately?: boolean;
  /** Reads every text as this form. */
  readonly form?: FormName;
  readonly limits?: InputLimits;
  /** Whether the summaries carry the SHA-256 of the evidence; default true. */
  readonly hash?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A part of a stream of events: bounded, in the order of the evidence. */
export interface EventBatch {
  readonly events: readonly KernelEvent[];
  readonly diagnostics: readonly Diagnostic[];
  /** Of the evidence that this batch ends; its events are all of it. */
  readonly summary: EvidenceSummary | null;
}

/** What the analyzer's `Analysis` offers. */
export interface RunningAnalysis {
  add(event: KernelEvent): void;
  addEvidence(summary: EvidenceSummary): void;
  finish(): Report;
}

/** What the analyzer's `HangExplainer` offers. */
export interface RunningExplanation {
  add(event: KernelEvent): void;
  finish(): Explained;
}

/** The library calls that commands make; `-` among the paths is standard input. */
export interface Library {
  /** Reads in batches, inputs of any size in bounded memory; gives the summaries when it is done. */
  streamEvidence(
    paths: readonly string[],
    options: ReadOptions,
  ): AsyncGenerator<EventBatch, readonly EvidenceSummary[], void>;
  startAnalysis(options: AnalyzeOptions): RunningAnalysis;
  startExplanation(): RunningExplanation;
  /** Events as they are written, until the signal or the end of a pipe. */
  followEvents(path: string, options: FollowOptions): AsyncGenerator<Followed, void, void>;
  /** @throws FleetError */
  openLake(path: string, options?: LakeOptions): Promise<Lake>;
  /** @throws FleetError */
  reportLake(lake: Lake, options: FleetReportOptions): Promise<FleetReport>;
  /** @throws LedgerError */
  openLedger(path: string, options?: LedgerOptions): Ledger;
}

/** A file that becomes visible under its name only when it is whole. */
export interface PendingFile {
  /** Where the content is until it is whole. */
  readonly path: string;
  write(text: string): Promise<void>;
  commit(): Promise<void>;
  /** Removes what was written; does nothing after `commit`. */
  discard(): Promise<void>;
}

/** All that a command may touch, so that a test passes fakes and starts no process. */
export interface Context {
  /** Resolves when the reader can take more. */
  out(text: string): Promise<void>;
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Columns of the terminal; null when there is none. */
  readonly width: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The clock, Unix milliseconds. */
  now(): number;
  /** IANA name of the machine's zone. The first question takes some 12 ms: it loads the tables of all zones and languages. */
  timeZone(): string;
  /** How this program is called: absolute paths of the interpreter and of the program. */
  readonly command: readonly string[];
  /** What this host has to read: its journal or kernel log, task logs, module options. Null where it is no Linux. */
  hostEvidence(): Promise<readonly string[] | null>;
  /** Runs a program, its arguments as they are, without a shell; why it failed, or null. */
  runProgram(command: readonly string[]): Promise<string | null>;
  exists(path: string): Promise<boolean>;
  /** A small file as UTF-8. */
  readText(path: string): Promise<string>;
  /** A file that must be known to the byte. */
  readBytes(path: string): Promise<Uint8Array>;
  /** Bytes of a file from an offset on, at most so many; null where it is no regular file. */
  readAt(path: string, offset: number, length: number): Promise<Uint8Array | null>;
  createFile(path: string): Promise<PendingFile>;
  /** Aborted by SIGINT, SIGTERM and a closed pipe. */
  readonly signal: AbortSignal;
  readonly version: string;
  readonly library: Library;
}
