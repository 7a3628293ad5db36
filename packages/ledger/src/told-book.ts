import type { Span } from "@hangproof/analyzer";
import { canonicalJson } from "./canonical.js";
import type { Connection } from "./connection.js";
import { type WindowRule, windowsOf } from "./window-rule.js";

/** A change that no log shows. */
export interface KeptChange {
  readonly id: number;
  readonly timeMs: number;
  readonly title: string;
  readonly note: string | null;
  /** When it was told. */
  readonly toldMs: number;
}

/** Backups that no log shows. */
export interface KeptWindow {
  readonly id: number;
  readonly rule: WindowRule;
  /** As the user typed it. */
  readonly text: string;
  readonly note: string | null;
  readonly toldMs: number;
}

interface ChangeRow {
  readonly id: number;
  readonly time_ms: number;
  readonly title: string;
  readonly note: string | null;
  readonly told_ms: number;
}

interface WindowRow {
  readonly id: number;
  readonly rule: string;
  readonly text: string;
  readonly note: string | null;
  readonly told_ms: number;
}

/** Changes and windows that only the user knows. Numbers are never given twice. */
export class ToldBook {
  readonly #db: Connection;

  /** @internal */
  constructor(db: Connection) {
    this.#db = db;
  }

  /** Told twice, it is kept once, with the later note. @throws LedgerError `BUSY`, `READ_ONLY` */
  addChange(change: Omit<KeptChange, "id">): KeptChange {
    const { timeMs, title, note, toldMs } = change;
    const id = this.#db.write(
      () =>
        this.#db.rows<{ id: number }>(
          `INSERT INTO told_change (time_ms, title, note, told_ms) VALUES (?, ?, ?, ?)
           ON CONFLICT (time_ms, title) DO UPDATE SET note = coalesce(excluded.note, note) RETURNING id`,
          timeMs,
          title,
          note,
          toldMs,
        )[0]!.id,
    );
    return this.changes().find((kept) => kept.id === id)!;
  }

  /** Oldest first. */
  changes(): KeptChange[] {
    return this.#db
      .rows<ChangeRow>("SELECT id, time_ms, title, note, told_ms FROM told_change ORDER BY time_ms, title")
      .map(({ id, time_ms: timeMs, title, note, told_ms: toldMs }) => ({ id, timeMs, title, note, toldMs }));
  }

  /** False: there is none with this number. */
  removeChange(id: number): boolean {
    return this.#db.write(() => this.#db.run("DELETE FROM told_change WHERE id = ?", id) > 0);
  }

  /** Told twice, it is kept once, with the later note. @throws LedgerError `BUSY`, `READ_ONLY` */
  addWindow(window: Omit<KeptWindow, "id">): KeptWindow {
    const { rule, text, note, toldMs } = window;
    const id = this.#db.write(
      () =>
        this.#db.rows<{ id: number }>(
          `INSERT INTO told_window (rule, text, note, told_ms) VALUES (?, ?, ?, ?)
           ON CONFLICT (rule) DO UPDATE SET note = coalesce(excluded.note, note) RETURNING id`,
          canonicalJson(rule),
          text,
          note,
          toldMs,
        )[0]!.id,
    );
    return this.windows().find((kept) => kept.id === id)!;
  }

  /** In the order in which they were told. */
  windows(): KeptWindow[] {
    return this.#db
      .rows<WindowRow>("SELECT id, rule, text, note, told_ms FROM told_window ORDER BY id")
      .map(({ id, rule, text, note, told_ms: toldMs }) => ({
        id,
        rule: JSON.parse(rule) as WindowRule,
        text,
        note,
        toldMs,
      }));
  }

  /** False: there is none with this number. */
  removeWindow(id: number): boolean {
    return this.#db.write(() => this.#db.run("DELETE FROM told_window WHERE id = ?", id) > 0);
  }

  /** Every told window within a range; see `windowsOf`. */
  spans(range: { readonly sinceMs: number; readonly untilMs: number }): Span[] {
    return this.windows().flatMap(({ rule }) => windowsOf(rule, range));
  }
}
