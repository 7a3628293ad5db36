import type { KernelEvent } from "@hangproof/parser";
import type { EventFormat } from "../options/output-format.js";
import { EVENT_CSV_HEADER, eventCsv } from "./csv.js";
import { ecsLine } from "./ecs.js";
import { eventLine } from "./ndjson.js";
import { TIMESKETCH_CSV_HEADER, timesketchCsv, timesketchLine } from "./timesketch.js";

/** A form of `hangproof events`. */
export interface EventForm {
  /** What stands before the first event. */
  readonly header: string;
  /** Null for an event that the form cannot express: it has no time. */
  readonly write: (event: KernelEvent) => string | null;
}

export const EVENT_FORMS: Readonly<Record<EventFormat, EventForm>> = {
  ndjson: { header: "", write: eventLine },
  csv: { header: EVENT_CSV_HEADER, write: eventCsv },
  timesketch: { header: "", write: timesketchLine },
  "timesketch-csv": { header: TIMESKETCH_CSV_HEADER, write: timesketchCsv },
  ecs: { header: "", write: ecsLine },
};
