// Several hosts at once: one rate for each adapter and the pooled one. Each argument is one host's logs; the logs
// themselves name the host.
// node examples/several-hosts.mjs LOGS-OF-A LOGS-OF-B...
import { analyze, fleetReport, fleetUnit } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";

const units = [];
for (const logs of process.argv.slice(2)) {
  const { events, evidence } = await readEvidence([logs], { timeZone: "Europe/Berlin" });
  const report = analyze({ events, evidence }, { now: Date.now() });
  for (const series of report.series) units.push(fleetUnit(series, { host: series.host, nic: null }));
}

const fleet = fleetReport(units, { now: Date.now() });
console.log(`${fleet.hosts} hosts, ${fleet.units.length} adapters`);
console.log(fleet.headline);
for (const { host, adapter, episodes, atRiskHours } of fleet.units) {
  console.log(`${host} ${adapter}: ${episodes} episodes in ${atRiskHours.toFixed(0)} h`);
}
