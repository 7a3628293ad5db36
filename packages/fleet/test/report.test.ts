import { join } from "node:path";
import type { FleetReport } from "@hangproof/analyzer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { reportLake } from "../src/index.js";
import { dumpLake } from "./support/dump-lake.js";
import { dayOf, file } from "./support/hosts.js";
import { type Read, take, withFolder, withLake } from "./support/lakes.js";
import { NOW, reportAtOnce } from "./support/report-of.js";

/** What is read of a fleet: `hosts` with a log for each of `days`; every second host changes its throttle on day 9. */
function fleetOf(hosts: number, days: number, hangs: (host: number, day: number) => readonly number[]): Read[] {
  return Array.from({ length: hosts }, (_, host) =>
    Array.from({ length: days }, (_, i) => {
      const day = 5 + i;
      const isChanged = host % 2 === 0 && day >= 9;
      return file(`/srv/web${host}/kern.log.${days - i}`, dayOf(`web${host}`, day, hangs(host, day), isChanged));
    }),
  ).flat();
}

async function reportOf(folder: string, ingests: readonly (readonly Read[])[]): Promise<FleetReport> {
  for (const part of ingests)
    await withLake(folder, async (lake) => {
      for (const one of part) await take(lake, one);
    });
  return withLake(folder, async (lake) => reportLake(await lake.read(), { now: NOW }));
}

test("a fleet split over ingests in any way, with overlaps, gives the tables and the report of one process", async () => {
  await withFolder(async (folder) => {
    let nth = 0;
    const hangs = fc.array(fc.uniqueArray(fc.nat(23), { maxLength: 3 }), { minLength: 24, maxLength: 24 });
    const cuts = fc.array(fc.nat(40), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(hangs, cuts, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), async (hours, at, keys) => {
        const all = fleetOf(3, 8, (host, day) => hours[host * 8 + day - 5]!);
        const again = all.filter((_, i) => keys[i + 24]! % 3 === 0);
        const shuffled = [...all, ...again]
          .map((one, i) => [keys[i % keys.length]!, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one);
        const borders = [0, ...at.sort((a, b) => a - b), shuffled.length];
        const parts = borders.slice(1).map((end, i) => shuffled.slice(borders[i], end));
        const [split, whole] = [join(folder, `split-${nth}`), join(folder, `whole-${nth++}`)];
        const report = await reportOf(split, parts);
        expect(report).toEqual(await reportOf(whole, [all]));
        expect(await dumpLake(split)).toEqual(await dumpLake(whole));
        expect(report).toEqual(reportAtOnce(all));
        expect(report.changes.map(({ made }) => made)).toEqual([2]);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
}, 120_000);

test("logs of several hosts in one file give each host what its own file would have given", async () => {
  const hangs = (host: number, day: number): readonly number[] => (host === 1 && day % 2 === 0 ? [3, 17] : []);
  const parts = [0, 1, 2].map((host) =>
    Array.from({ length: 8 }, (_, i) => dayOf(`web${host}`, 5 + i, hangs(host, 5 + i), host === 0 && i >= 5)).join(""),
  );
  const central = parts
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .map((line, i) => [line.slice(0, 20), i, line] as const)
    .sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : i - j))
    .map(([, , line]) => `${line}\n`)
    .join("");
  await withFolder(async (folder) => {
    const together = await reportOf(join(folder, "1"), [[file("/srv/central.log", central)]]);
    const apart = await reportOf(join(folder, "2"), [parts.map((text, i) => file(`/srv/${i}/kern.log`, text))]);
    expect({ ...together, remarks: [] }).toEqual({ ...apart, remarks: [] });
    expect(together.changes).toHaveLength(1);
    expect(together.units.map(({ host, episodes }) => [host, episodes])).toContainEqual(["web1", 8]);
  });
});

test("evidence that names no host goes to the host beside it; among several it stands for a host of its own", async () => {
  const dmesg =
    "[    1.000000] e1000e: Intel(R) PRO/1000 Network Driver\n[    2.000000] e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\n";
  await withFolder(async (folder) => {
    const hosts = await withLake(folder, async (lake) => {
      for (const one of [
        file("/srv/a/log/kern.log", dayOf("web1", 3, [2], false)),
        file("/srv/a/dmesg/1.txt", dmesg),
        file("/srv/b/log/kern.log", dayOf("web2", 3, [2], false)),
        file("/srv/c/1.txt", dmesg),
        file("/srv/c/modprobe.d/e1000e.conf", "options e1000e InterruptThrottleRate=1\n"),
      ])
        await take(lake, one);
      return (await lake.read()).hosts;
    });
    expect(hosts.map(({ host, isNamed, nearBy, evidence }) => [host, isNamed, nearBy, evidence.length])).toEqual([
      ["/srv/c", false, 1, 2],
      ["web1", true, 1, 2],
      ["web2", true, 0, 1],
    ]);
  });
});

test("a host whose log names no adapter of the driver is in no rate, and the report says so", async () => {
  const other = dayOf("printer", 3, [], false).replaceAll(/^.*e1000e.*\n/gm, "");
  await withFolder(async (folder) => {
    const report = await reportOf(folder, [
      [file("/srv/a/kern.log", dayOf("web1", 3, [2], false)), file("/srv/b/kern.log", other)],
    ]);
    expect(report.units.map(({ host }) => host)).toEqual(["web1"]);
    expect(report.remarks).toContainEqual(expect.stringContaining("1 host is in no figure"));
  });
});

test("an empty lake has a report without hosts", async () => {
  await withFolder(async (folder) => {
    const report = await reportOf(join(folder, "lake"), []);
    expect(report.units).toEqual([]);
    expect(report.headline).toContain("No host");
  });
});
