// How many episodes began in each week (Monday, UTC), of every adapter. Weeks without any are not listed: whether they
// were quiet or merely not logged is the report's question, not this program's.
// node examples/episodes-per-week.mjs LOG...
import { analyze } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";

const DAY_MS = 86_400_000;

function mondayOf(timeMs) {
  const sinceMonday = (new Date(timeMs).getUTCDay() + 6) % 7;
  return new Date(timeMs - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}

const { events, evidence } = await readEvidence(process.argv.slice(2), { timeZone: "Europe/Berlin" });
const report = analyze({ events, evidence }, { now: Date.now() });

for (const { host, adapter, episodes } of report.series) {
  const weeks = new Map();
  for (const { onsetMs } of episodes) {
    const monday = mondayOf(onsetMs);
    weeks.set(monday, (weeks.get(monday) ?? 0) + 1);
  }
  for (const [monday, count] of weeks) console.log(`${host} ${adapter.interfaces.at(-1)} ${monday} ${count}`);
}
