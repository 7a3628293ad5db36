// Posts one message for each episode: not for each of the lines that the driver repeats every two seconds.
// node examples/webhook.mjs URL LOG...
import { analyze } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";

const [url, ...logs] = process.argv.slice(2);
const { events, evidence } = await readEvidence(logs, { timeZone: "Europe/Berlin" });
const report = analyze({ events, evidence }, { now: Date.now() });

let sent = 0;
for (const { host, adapter, episodes } of report.series) {
  for (const { onsetMs, end, reports } of episodes) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ host, pci: adapter.pci, onset: new Date(onsetMs).toISOString(), end, reports }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
    sent += 1;
  }
}
console.log(`${sent} episodes told`);
