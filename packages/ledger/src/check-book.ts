import { canonicalJson } from "./canonical.js";
import type { CheckState } from "./check-state.js";
import type { Connection } from "./connection.js";

/** A check that was made, and what was so then. */
export interface CheckMade {
  readonly id: number;
  readonly madeMs: number;
  readonly state: CheckState;
}

/** What each check said, so that the next one can say what changed. */
export class CheckBook {
  readonly #db: Connection;

  /** @internal */
  constructor(db: Connection) {
    this.#db = db;
  }

  /** @throws LedgerError `BUSY`, `READ_ONLY` */
  add(madeMs: number, state: CheckState): void {
    this.#db.write(() =>
      this.#db.run("INSERT INTO check_made (made_ms, state) VALUES (?, ?)", madeMs, canonicalJson(state)),
    );
  }

  /** The newest; null before the first. */
  last(): CheckMade | null {
    const [row] = this.#db.rows<{ id: number; made_ms: number; state: string }>(
      "SELECT id, made_ms, state FROM check_made ORDER BY made_ms DESC, id DESC LIMIT 1",
    );
    return row === undefined ? null : made(row);
  }

  /** Oldest first. */
  *all(): Generator<CheckMade, void, void> {
    const rows = this.#db.iterate<{ id: number; made_ms: number; state: string }>(
      "SELECT id, made_ms, state FROM check_made ORDER BY made_ms, id",
    );
    for (const row of rows) yield made(row);
  }
}

const made = ({ id, made_ms: madeMs, state }: { id: number; made_ms: number; state: string }): CheckMade => ({
  id,
  madeMs,
  state: JSON.parse(state) as CheckState,
});
