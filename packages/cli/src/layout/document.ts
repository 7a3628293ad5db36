import type { AdapterReport, Report } from "@hangproof/analyzer";
import type { Forest } from "./forest.js";

/** What a piece of text is for; a writer may colour it or not. */
export type Tone = "good" | "bad" | "unsure" | "plain";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** Must not be cut: a time, a word that decides. */
  readonly whole?: true;
}

/**
 * A report for people before it has a form. All strings are raw: they may hold text from a log, and the writer of
 * each form escapes every one of them.
 */
export type Block =
  | { readonly kind: "verdict"; readonly tone: Tone; readonly headline: string; readonly wouldMove: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  /** Something that must not be overlooked. */
  | { readonly kind: "warning"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] }
  /** Lines of a log as they stand there. */
  | { readonly kind: "excerpt"; readonly label: string; readonly lines: readonly string[] }
  /** Drawn as wide as the form allows; its numbers stand in a table beside it. */
  | { readonly kind: "forest"; readonly forest: Forest }
  /** Drawn as wide as the form allows, left out where drawings are not wanted. */
  | { readonly kind: "timeline"; readonly series: AdapterReport; readonly report: Report };

export const left = (title: string): Column => ({ title, align: "left" });
export const leftWhole = (title: string): Column => ({ title, align: "left", whole: true });
export const right = (title: string): Column => ({ title, align: "right" });
