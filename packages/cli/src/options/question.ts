import type { Span, ToldChange } from "@hangproof/analyzer";
import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { localTime } from "../layout/format.js";
import { parseTime } from "./time-range.js";
import { parseTimeZone } from "./time-zone.js";
import { parseToldChange } from "./told-change.js";
import { parseWindow, type WindowContext } from "./window.js";

/** What a report is asked, as people type it: the options of `hangproof report` under their names. */
export interface QuestionText {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly tz?: string | undefined;
  /** Each `TIME: TITLE`. */
  readonly change?: readonly string[] | undefined;
  /** Each as `parseWindow` reads it. */
  readonly window?: readonly string[] | undefined;
}

/** What a report is asked, understood: options of `analyze`. */
export interface Question extends WindowContext {
  readonly changes: readonly ToldChange[];
  readonly windows: readonly Span[];
}

/**
 * Reads what a report is asked.
 * @param asker - whose clock and zone it is read against, where it names none
 * @throws CliError (usage) that names the option and says what is wrong with it
 */
export function readQuestion(text: QuestionText, asker: { readonly now: number; readonly timeZone: string }): Question {
  const { now } = asker;
  const timeZone = text.tz === undefined ? asker.timeZone : parseTimeZone(text.tz);
  const since = text.since === undefined ? null : parseTime("--since", text.since, timeZone, now);
  const until = text.until === undefined ? null : parseTime("--until", text.until, timeZone, now);
  if (since !== null && until !== null && since >= until) throw usageError("--since is not before --until");
  const context = { timeZone, now, since, until };
  return {
    ...context,
    changes: (text.change ?? []).map((one) => parseToldChange(one, timeZone, now)),
    windows: (text.window ?? []).flatMap((one) => parseWindow(one, context)),
  };
}

/** How times in words were understood, a sentence each, so that a wrong guess is seen. Without hidden characters. */
export function understood({ since, until, timeZone, changes }: Question): string[] {
  const at = (ms: number): string => `${localTime(ms, timeZone)} (${timeZone})`;
  return [
    ...(since === null ? [] : [`--since ${at(since)}`]),
    ...(until === null ? [] : [`--until ${at(until)}`]),
    ...changes.map(({ timeMs, title }) => `change on ${at(timeMs)}: ${visible(title)}`),
  ];
}
