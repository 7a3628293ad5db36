import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openLake } from "../src/index.js";
import { dumpLake } from "./support/dump-lake.js";
import { dayOf, file, journalOf } from "./support/hosts.js";
import { type Read, take, withFolder, withLake } from "./support/lakes.js";

const DMESG =
  "[    1.000000] e1000e: Intel(R) PRO/1000 Network Driver\n[    2.000000] e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\n";
const MODPROBE = "options e1000e InterruptThrottleRate=3,3\n";

const BACKUPS = `2026-01-03T02:00:00.000Z web5 vzdump[77]: INFO: starting new backup job: vzdump 103 104 --storage nas --mode snapshot
2026-01-03T02:00:01.000Z web5 vzdump[77]: INFO: Starting Backup of VM 103 (qemu)
2026-01-03T02:10:01.000Z web5 vzdump[77]: INFO: Finished Backup of VM 103 (00:10:00)
2026-01-03T02:20:00.000Z web5 vzdump[77]: INFO: Backup job finished successfully
2026-01-31T23:59:00.000Z web5 vzdump[78]: INFO: starting new backup job: vzdump 103 --storage nas --mode stop
`;

const FLEET: readonly Read[] = [
  file("/srv/a/kern.log", dayOf("web1", 3, [2, 14], false)),
  file("/srv/a/kern.log.1", dayOf("web1", 2, [5], false)),
  file("/srv/b/kern.log", dayOf("web2.example.org", 3, [], true)),
  file("/srv/central/all.log", `${dayOf("web3", 4, [1], false)}${dayOf("web4", 5, [], false)}`),
  file("/srv/b/dmesg.txt", DMESG),
  file("/srv/c/dmesg.txt", DMESG),
  file("/srv/a/modprobe.d/e1000e.conf", MODPROBE),
  file("/srv/b/modprobe.d/e1000e.conf", MODPROBE),
  file("/srv/a/journal.json", journalOf("web1", "0123456789abcdef0123456789abcdef", 6, [3])),
  file("/srv/d/syslog", `${dayOf("web5", 3, [2], false)}${BACKUPS}`),
  file("/old/kern.log", dayOf("web1", 3, [2, 14], false)),
];

test("any order, any number of ingests and any repetition give the same tables", async () => {
  await withFolder(async (folder) => {
    const whole = join(folder, "whole");
    await withLake(whole, async (lake) => {
      for (const one of FLEET) await take(lake, one);
    });
    const expected = await dumpLake(whole);
    expect(expected.evidence).toHaveLength(FLEET.length - 1);
    let nth = 0;
    const order = fc
      .shuffledSubarray([...FLEET, ...FLEET], { minLength: 0 })
      .chain((extra) =>
        fc.tuple(fc.shuffledSubarray([...FLEET, ...extra], { minLength: FLEET.length + extra.length }), fc.nat(20)),
      );
    await fc.assert(
      fc.asyncProperty(order, async ([sequence, cut]) => {
        const split = join(folder, `split-${nth++}`);
        for (const part of [sequence.slice(0, cut), sequence.slice(cut)])
          await withLake(split, async (lake) => {
            for (const one of part) await take(lake, one);
          });
        expect(await dumpLake(split)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });
});

test("windows and settings are rows of what each evidence tells of them, with its place", async () => {
  await withFolder(async (folder) => {
    await withLake(folder, async (lake) => {
      for (const one of FLEET) await take(lake, one);
    });
    const { windows, settings } = await dumpLake(folder);
    const job = { host: "web5", month: "2026-01", storage: "nas", bandwidth_kibps: null };
    const startMs = Date.UTC(2026, 0, 3, 2);
    expect(windows).toEqual([
      expect.objectContaining({
        ...job,
        start_ms: startMs,
        end_ms: startMs + 20 * 60_000,
        guests: [103n],
        outcome: "ok",
      }),
      expect.objectContaining({ ...job, end_ms: null, guests: [], outcome: "unknown", mode: "stop" }),
    ]);
    const all = settings!.map(({ host, how, value, source }) => [host, how, value, source].join(" "));
    expect([...new Set(all)].sort()).toEqual([
      " requested 3,3 modprobe.d",
      "web1 effective dynamic-conservative driver",
      "web2.example.org effective off driver",
      "web3 effective dynamic-conservative driver",
      "web4 effective dynamic-conservative driver",
      "web5 effective dynamic-conservative driver",
    ]);
    expect(settings!.filter(({ source }) => source === "modprobe.d")).toHaveLength(2);
  });
});

test("a lake of schema 1 is refused, and the message says what to do", async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, "hangproof-lake.json"), '{"hangproofLake":1}\n');
    await expect(openLake(folder)).rejects.toMatchObject({
      code: "OLDER_SCHEMA",
      message: expect.stringContaining("take the logs in again"),
    });
  });
});

test("the same configuration file on two hosts is two pieces of evidence, the same log in two places is one", async () => {
  await withFolder(async (folder) => {
    const results = await withLake(folder, async (lake) => {
      const all: string[] = [];
      for (const one of FLEET) all.push(await take(lake, one));
      return all;
    });
    expect(results).toEqual([...Array.from({ length: FLEET.length - 1 }, () => "added"), "known"]);
    const [row] = (await dumpLake(folder)).evidence!.filter(({ label }) => label === "/old/kern.log");
    expect(row?.labels).toEqual(["/old/kern.log", "/srv/a/kern.log"]);
  });
});

test("a better reading of known bytes takes the place of a worse one, in either order, and leaves no rows behind", async () => {
  const text = dayOf("web1", 3, [2], false).replaceAll(/^(\S+)T(\S+)\.000Z/gm, "Jan  3 $2");
  const good = file("/srv/kern.log", text);
  const better: Read = { ...good, summary: { ...good.summary, year: "log", zoneAssumed: false } };
  await withFolder(async (folder) => {
    const [first, second] = [join(folder, "1"), join(folder, "2")];
    expect(await withLake(first, async (lake) => [await take(lake, good), await take(lake, better)])).toEqual([
      "added",
      "better",
    ]);
    expect(await withLake(second, async (lake) => [await take(lake, better), await take(lake, good)])).toEqual([
      "added",
      "worse",
    ]);
    expect(await dumpLake(first)).toEqual(await dumpLake(second));
  });
});

test("hostile host names make no path of their own and stay what they are in the tables", async () => {
  const names = ["../../etc", "a'b", "x%2Fy", "__HIVE_DEFAULT_PARTITION__", "ü".repeat(200), "007"];
  await withFolder(async (folder) => {
    await withLake(folder, async (lake) => {
      for (const [i, name] of names.entries()) {
        const read = file(`/srv/${i}/kern.log`, dayOf("web1", 3, [2], false));
        const events = read.events.map((event) => ({ ...event, host: name }));
        await take(lake, { summary: { ...read.summary, sha256: `${i}`.repeat(64), hosts: [name] }, events });
      }
      const reader = await lake.read();
      expect(reader.hosts.map(({ host }) => host).sort()).toEqual([...names].sort());
      for (const host of reader.hosts) {
        const events = [];
        for await (const event of reader.events(host)) events.push(event);
        expect(new Set(events.map((event) => event.host))).toEqual(new Set([host.host]));
      }
    });
    expect(readdirSync(folder).sort()).toEqual(["coverage", "events", "evidence", "hangproof-lake.json", "settings"]);
    const hosts = (await dumpLake(folder)).events!.map(({ host }) => host);
    expect(new Set(hosts)).toEqual(new Set(names));
  });
});

test("an intake that is abandoned leaves nothing, and neither does the lake that was closed", async () => {
  await withFolder(async (folder) => {
    await withLake(folder, async (lake) => {
      const intake = await lake.begin("/srv/a/kern.log");
      for (const event of FLEET[0]!.events) intake.add(event);
      intake.abandon();
    });
    expect(readdirSync(folder)).toEqual(["hangproof-lake.json"]);
  });
});

test("a folder of something else is no lake, and a later schema is refused", async () => {
  await withFolder(async (folder) => {
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "file"), "");
    await expect(openLake(other)).rejects.toMatchObject({ code: "NOT_A_LAKE" });
    await expect(openLake(join(folder, "none"), { readOnly: true })).rejects.toMatchObject({ code: "NOT_A_LAKE" });
    expect(existsSync(join(folder, "none"))).toBe(false);
    const newer = join(folder, "newer");
    mkdirSync(newer);
    writeFileSync(join(newer, "hangproof-lake.json"), '{"hangproofLake":99}');
    await expect(openLake(newer)).rejects.toMatchObject({ code: "NEWER_SCHEMA" });
    writeFileSync(join(newer, "hangproof-lake.json"), "{");
    await expect(openLake(newer)).rejects.toMatchObject({ code: "NOT_A_LAKE" });
  });
});
