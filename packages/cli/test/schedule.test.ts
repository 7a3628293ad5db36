import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cronLine, systemdUnits } from "../src/output/schedule.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";

const folder = mkdtempSync(join(tmpdir(), "hangproof-schedule-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SCHEDULE = {
  command: [
    process.execPath,
    join(folder, 'my 100% $HOME "program".mjs'),
    "check",
    "--ledger",
    "/var/lib/hang proof/l.db",
  ],
  folders: ["/var/lib/hang proof"],
  when: "Sun 06:00",
};

/** The two units of the printed text. */
function unitsOf(text: string): { service: string; timer: string } {
  const [service = "", timer = ""] = text.split(/^(?=# .*\.timer$)/m);
  return { service, timer };
}

test("the printed schedule calls this program, writes only to its folders, and nothing is written anywhere", async () => {
  const ctx = fakeContext();
  expect(await run(["timer", "print", "--ledger", "/srv/l.db", "--report", "/srv/www/week.html"], ctx)).toBe(0);
  const { service, timer } = unitsOf(ctx.stdout.join(""));
  expect(service).toContain(
    "ExecStart=/usr/bin/node /usr/bin/hangproof check --quiet --ledger /srv/l.db --report /srv/www/week.html\n",
  );
  expect(service).toContain("ReadWritePaths=/srv /srv/www\n");
  expect(timer).toContain("OnCalendar=Sun 06:00\n");
  expect(ctx.files.size).toBe(0);
});

test("what could end a line is refused", () => {
  for (const when of ["Sun\nExecStart=/bin/evil", "Sun 06:00\\", "%h", "Sun $(reboot)", ""])
    expect(() => systemdUnits({ ...SCHEDULE, when }), when).toThrow(/no time of a calendar/);
  expect(() => cronLine({ ...SCHEDULE, command: ["a\nb"] }, "0 6 * * 0")).toThrow(/cannot be seen/);
  expect(() => systemdUnits({ ...SCHEDULE, folders: ["/srv/\u202egnp"] })).toThrow(/cannot be seen/);
});

test("variables are doubled where systemd fills them in, and nowhere else", () => {
  const text = systemdUnits({ ...SCHEDULE, command: ["/opt/$A/node", "$B 1%"], folders: ["/srv/$C"] });
  expect(text).toContain('ExecStart="/opt/$A/node" "$$B 1%%"\n');
  expect(text).toContain('ReadWritePaths="/srv/$C"\n');
});

test("a shell gets the very arguments from the crontab's line", () => {
  const script = join(folder, "args.mjs");
  writeFileSync(script, "console.log(JSON.stringify(process.argv.slice(2))); process.exit(2);");
  const args = ["--ledger", '/tmp/it\'s 5% of $HOME; `x` "y".db'];
  const line = cronLine({ ...SCHEDULE, command: [process.execPath, script, ...args] }, "0 6 * * 0");
  const command = line
    .split("\n")[1]!
    .replace(/^0 6 \* \* 0 /, "")
    .replaceAll("\\%", "%");
  const { stdout } = spawnSync("/bin/sh", ["-c", command], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual(args);
});

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).error === undefined;
test.skipIf(!hasSystemd)(
  "systemd reads both units without a word, and rates the service as safe (skipped without systemd-analyze)",
  () => {
    writeFileSync(SCHEDULE.command[1]!, "");
    const { service, timer } = unitsOf(systemdUnits(SCHEDULE));
    const files = [join(folder, "hangproof-check.service"), join(folder, "hangproof-check.timer")] as const;
    // The manual may not be installed here; it is no part of what is tested.
    writeFileSync(files[0], service.replace(/^Documentation=.*\n/m, ""));
    writeFileSync(files[1], timer);
    const verified = spawnSync("systemd-analyze", ["verify", ...files], { encoding: "utf8" });
    expect(verified.stderr.replace(/^.*(?:\/(?:etc|usr|lib|run)\/|SELinux|cgroup).*\n/gm, "")).toBe("");
    const rated = spawnSync("systemd-analyze", ["security", "--offline=true", files[0]], { encoding: "utf8" });
    const exposure = Number(/Overall exposure level for .*: ([\d.]+)/.exec(rated.stdout)?.[1]);
    expect(exposure).toBeLessThan(2.5);
  },
);
