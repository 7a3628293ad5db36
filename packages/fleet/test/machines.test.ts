import fc from "fast-check";
import { expect, test } from "vitest";
import { reportLake } from "../src/index.js";
import { dayOf, file, journalOf } from "./support/hosts.js";
import { type Read, take, withFolder, withLake } from "./support/lakes.js";
import { NOW } from "./support/report-of.js";

const [A, B] = ["a".repeat(32), "b".repeat(32)];

async function hostsOf(all: readonly Read[]): Promise<{ hosts: unknown[]; clashes: readonly string[] }> {
  return withFolder((folder) =>
    withLake(folder, async (lake) => {
      for (const one of all) await take(lake, one);
      const { hosts, clashes } = await lake.read();
      return { hosts: hosts.map(({ host, evidence }) => [host, evidence.length]), clashes };
    }),
  );
}

test("two machines of one name are two hosts, a log without an id goes to the one beside it, and the clash is told", async () => {
  const all = [
    file("/srv/1/journal.json", journalOf("pve", A, 3, [2])),
    file("/srv/1/kern.log", dayOf("pve", 4, [], false)),
    file("/srv/2/journal.json", journalOf("pve", B, 3, [5])),
    file("/srv/2/modprobe.d/e1000e.conf", "options e1000e InterruptThrottleRate=1\n"),
    file("/srv/kern.log", dayOf("pve", 5, [], false)),
  ];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (order) => {
      const { hosts, clashes } = await hostsOf(order);
      expect(hosts).toEqual([
        ["pve", 1],
        [`pve (machine ${"a".repeat(12)})`, 2],
        [`pve (machine ${"b".repeat(12)})`, 2],
      ]);
      expect(clashes).toEqual([
        expect.stringMatching(/^1 host name of several machines, told apart by machine id: pve \(a{12}, b{12}\)$/),
      ]);
    }),
    { numRuns: 4 },
  );
});

test("a machine that was renamed is one host with one line of time, and the clash is told", async () => {
  const all = [
    file("/srv/a.json", journalOf("old", A, 3, [2])),
    file("/srv/b.json", journalOf("new", A, 4, [2])),
    file("/srv/kern.log", dayOf("old", 5, [7], false)),
  ];
  await withFolder((folder) =>
    withLake(folder, async (lake) => {
      for (const one of all) await take(lake, one);
      const read = await lake.read();
      expect(read.clashes).toEqual([expect.stringContaining("1 machine id with several host names")]);
      const report = await reportLake(read, { now: NOW });
      expect(report.units.map(({ host, episodes }) => [host, episodes])).toEqual([["new", 3]]);
      expect(report.remarks).toEqual(expect.arrayContaining([...read.clashes]));
    }),
  );
});

test("etc/machine-id and the folder of a journal tell machines of one name apart", async () => {
  const { hosts } = await hostsOf([
    file("/sos/1/etc/machine-id", `${A}\n`),
    file("/sos/1/var/log/kern.log", dayOf("pve", 3, [2], false)),
    file("/sos/1/etc/modprobe.d/e1000e.conf", "options e1000e InterruptThrottleRate=1\n"),
    file(`/sos/2/var/log/journal/${B}/system.txt`, dayOf("pve", 3, [3], false)),
  ]);
  expect(hosts).toEqual([
    [`pve (machine ${"a".repeat(12)})`, 3],
    [`pve (machine ${"b".repeat(12)})`, 1],
  ]);
});

test("without any id a name in two folders is one host, and that it may be two is told", async () => {
  const { hosts, clashes } = await hostsOf([
    file("/srv/a/kern.log", dayOf("pve", 3, [2], false)),
    file("/srv/a/old/kern.log", dayOf("pve", 2, [2], false)),
    file("/srv/b/kern.log", dayOf("pve", 4, [3], false)),
  ]);
  expect(hosts).toEqual([["pve", 3]]);
  expect(clashes).toEqual([expect.stringContaining("taken as one: pve (/srv/a, /srv/b)")]);
});
