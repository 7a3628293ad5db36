import type { Episode, Report } from "@hangproof/analyzer";
import type { Context } from "../context.js";
import type { Excerpt } from "../sections/ticket.js";

/** Of each adapter the first hang, and the last ones. */
const LAST_SHOWN = 4;
const MOST_LINES = 16;
const MOST_BYTES = 4_096;
const HANG = /Detected (?:Hardware|Tx) Unit Hang|Tx Unit Hang|Hardware Unit Hang/;

/**
 * Reads the lines back from where the report says that they are. What stands there must be a hang's first line: an offset
 * in a packed or native file is one of what it unpacks to.
 */
export async function excerptsOf(report: Report, ctx: Context): Promise<Excerpt[]> {
  const excerpts: Excerpt[] = [];
  for (const series of report.series) {
    const { episodes } = series;
    const last = episodes.slice(-LAST_SHOWN);
    const shown = episodes[0] === undefined || last.includes(episodes[0]) ? last : [episodes[0], ...last];
    for (const episode of shown) excerpts.push({ series, episode, lines: await linesAt(episode, ctx) });
  }
  return excerpts;
}

async function linesAt({ place }: Episode, ctx: Context): Promise<string[] | null> {
  const bytes = await ctx.readAt(place.evidence, place.byteOffset, MOST_BYTES);
  if (bytes === null) return null;
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  // The last one may be cut.
  if (bytes.length === MOST_BYTES) lines.pop();
  if (!HANG.test(lines[0] ?? "")) return null;
  const end = lines.findIndex((line, i) => i > 0 && HANG.test(line));
  return lines.slice(0, Math.min(MOST_LINES, end === -1 ? lines.length : end)).filter((line) => line !== "");
}
