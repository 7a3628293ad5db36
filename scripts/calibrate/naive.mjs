/** What people do instead, on the same hosts. Each says at some moment after the change: it works. */

const DAY = 86_400_000;

/** Nothing since the change, looked at once after so many days. */
export function cleanSince(host, days) {
  return !host.hangs.some((ms) => ms >= host.changeMs && ms < host.changeMs + days * DAY);
}

/** Clean since the change for as long as the longest clean stretch before it: "it never was quiet for so long". */
export function longerThanEver(host) {
  const before = host.hangs.filter((ms) => ms < host.changeMs);
  const edges = [host.startMs, ...before, host.changeMs];
  const longestMs = Math.max(...edges.slice(1).map((ms, i) => ms - edges[i]));
  const next = host.hangs.find((ms) => ms >= host.changeMs) ?? host.endMs;
  return next - host.changeMs > longestMs;
}

/** Welch's t-test on lines a day, one-sided at 5 %, with the normal quantile: what a spreadsheet gives. */
export function lineCountTest(host) {
  const first = Math.floor(host.changeMs / DAY);
  const lines = new Map();
  for (const ms of host.hangs) lines.set(Math.floor(ms / DAY), (lines.get(Math.floor(ms / DAY)) ?? 0) + 45);
  const before = [];
  const after = [];
  for (let day = Math.floor(host.startMs / DAY); day < Math.floor(host.endMs / DAY); day += 1) {
    (day < first ? before : after).push(lines.get(day) ?? 0);
  }
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const variance = (list, m) => list.reduce((sum, one) => sum + (one - m) ** 2, 0) / (list.length - 1);
  const [a, b] = [mean(before), mean(after)];
  const error = Math.sqrt(variance(before, a) / before.length + variance(after, b) / after.length);
  return error > 0 && (a - b) / error > 1.645;
}
