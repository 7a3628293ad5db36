import type { EpisodeEnd, LiveNews } from "@hangproof/analyzer";
import { decodeHang } from "@hangproof/parser";
import { visible } from "../layout/escape.js";
import { count, duration, localTime } from "../layout/format.js";
import { EPISODE_ENDS } from "../sections/names.js";

/** One line for one piece of news. */
export function newsLine(news: LiveNews, nowMs: number, timeZone: string): string {
  const { host, adapter, registers, missing } = news.report;
  const where = visible([host, adapter.interface ?? adapter.pci].filter((part) => part !== null).join(" "));
  if (news.what === "end") {
    const length = news.lengthMs === null ? "" : ` after ${duration(news.lengthMs / 3_600_000)}`;
    return `${localTime(news.timeMs ?? nowMs, timeZone)}  ${where}: hang over${length}: ${endWords(news.how)}; ${count(news.reports, "report")}\n`;
  }
  const { waiting, stoppedAt } = decodeHang({ registers, missing }).ring;
  const stuck =
    (waiting === null ? "" : `; ${count(waiting, "descriptor")} with the hardware`) +
    (stoppedAt === null || stoppedAt === "elsewhere" ? "" : `, stopped at the packet's ${stoppedAt.replace("-", " ")}`);
  const backup = news.backup === null ? "no backup known to run" : backupWords(news.backup);
  return `${localTime(news.timeMs ?? nowMs, timeZone)}  ${where}: HANG${stuck}; ${backup}\n`;
}

function backupWords({ guest, storage }: NonNullable<Extract<LiveNews, { what: "begin" }>["backup"]>): string {
  return `during a backup${guest === null ? "" : ` of guest ${guest}`}${storage === null ? "" : ` to ${visible(storage)}`}`;
}

const endWords = (how: EpisodeEnd): string =>
  how === "stall-dissolved" ? "no report for a minute" : EPISODE_ENDS[how];

/** What a placeholder of `--exec` stands for. */
export const PLACEHOLDERS = ["event", "host", "interface", "pci", "time", "guest", "storage", "end"] as const;

/**
 * An argument with its placeholders filled in: `{host}`. A value is part of its argument, whatever is in it, and control
 * characters are made visible; what is not known is empty. An argument that begins with a value begins with no dash, which
 * a program would take for an option, and with no `@`, which it would take for the name of a file to read.
 */
export function filledArgument(template: string, news: LiveNews, nowMs: number): string {
  const { host, adapter } = news.report;
  const values: Readonly<Record<(typeof PLACEHOLDERS)[number], string>> = {
    event: news.what,
    host: host ?? "",
    interface: adapter.interface ?? "",
    pci: adapter.pci ?? "",
    time: new Date(news.timeMs ?? nowMs).toISOString(),
    guest: news.what === "begin" ? String(news.backup?.guest ?? "") : "",
    storage: news.what === "begin" ? (news.backup?.storage ?? "") : "",
    end: news.what === "end" ? news.how : "",
  };
  const filled = template.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? visible(values[name as keyof typeof values]) : whole,
  );
  if (!template.startsWith("{")) return filled;
  return filled.replace(/^[-@]/, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`);
}
