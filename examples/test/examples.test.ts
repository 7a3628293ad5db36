import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const examples = fileURLToPath(new URL("..", import.meta.url));
const fixtures = fileURLToPath(new URL("../../fixtures/cases/pve-backup-hang", import.meta.url));
const logs = join(fixtures, "logs");
const journal = join(fixtures, "journal", "journal-short-iso.txt");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hangproof-examples-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What an example printed. The server of a test runs in this process, so the example must not block it. */
function run(name: string, args: readonly string[], stdin = ""): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(examples, `${name}.mjs`), ...args],
      { maxBuffer: 64 * 2 ** 20, env: { ...process.env, TZ: "UTC" } },
      (error, stdout) => (error === null ? resolve(stdout.trimEnd().split("\n")) : reject(error)),
    );
    child.stdin?.end(stdin);
  });
}

describe("every example prints its answer on the bundled case", () => {
  it("episodes-per-week: the seven episodes, by the Monday of their week", async () => {
    expect(await run("episodes-per-week", [logs])).toEqual([
      "pve1 eno1 2025-09-15 2",
      "pve1 eno1 2025-09-22 1",
      "pve1 eno1 2025-09-29 1",
      "pve1 eno1 2025-10-06 3",
    ]);
  });

  it("webhook: one message for each episode", async () => {
    const messages: { readonly host: string; readonly onset: string; readonly reports: number }[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      messages.push(JSON.parse(body));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      expect(await run("webhook", [`http://127.0.0.1:${port}/`, logs])).toEqual(["7 episodes told"]);
    } finally {
      server.close();
    }
    expect(messages).toHaveLength(7);
    expect(messages[0]).toMatchObject({ host: "pve1", pci: "0000:00:1f.6", onset: "2025-09-17T15:11:08.000Z" });
    expect(messages.reduce((sum, { reports }) => sum + reports, 0)).toBe(272);
  });

  it("own-windows: the episodes that began in a window of the file", async () => {
    const windows = join(folder, "windows.csv");
    await writeFile(
      windows,
      "start,end\n2025-09-17T15:00:00Z,2025-09-17T16:00:00Z\n2025-11-01T00:00:00Z,2025-11-01T02:00:00Z\n",
    );
    expect(await run("own-windows", [windows, logs])).toEqual([
      "pve1 eno1: 1 of 7 episodes in your windows",
      "2025-09-17T15:11:08.000Z",
    ]);
  });

  it("support-archive: the files of the archive under their own names", async () => {
    const root = join(folder, "sosreport-pve1");
    await mkdir(join(root, "var", "log"), { recursive: true });
    await cp(logs, join(root, "var", "log"), { recursive: true });
    await writeFile(join(root, "version.txt"), "sosreport: 4.7.0\n");
    const archive = join(folder, "sosreport-pve1.tar.gz");
    expect(spawnSync("tar", ["-czf", archive, "-C", folder, "sosreport-pve1"]).status).toBe(0);
    const lines = await run("support-archive", [archive]);
    expect(lines.find((line) => line.includes("kern.log.8.gz"))).toMatch(
      /sosreport-pve1\/var\/log\/kern\.log\.8\.gz\S* syslog-traditional 1801 records 104 hang reports$/,
    );
    expect(lines.at(-1)).toBe("pve1 0000:00:1f.6: 7 episodes, improvement-shown");
  });

  it("several-hosts: each adapter and all together", async () => {
    const second = join(folder, "pve2.txt");
    await writeFile(second, (await readFile(journal, "utf8")).replaceAll(" pve1 ", " pve2 "));
    const lines = await run("several-hosts", [logs, second]);
    expect(lines[0]).toBe("2 hosts, 2 adapters");
    expect(lines[1]).toMatch(/^\d+ hangs in \d+ hours at risk on 2 hosts with 2 adapters/);
    expect(
      lines
        .slice(2)
        .map((line) => line.replace(/ in \d+ h$/, ""))
        .sort(),
    ).toEqual(["pve1 0000:00:1f.6: 7 episodes", expect.stringMatching(/^pve2 0000:00:1f\.6: \d episodes$/)]);
  });

  it("stdin: counts what is piped in", async () => {
    const lines = await run("stdin", [], await readFile(journal, "utf8"));
    expect(lines.at(-1)).toBe("journal-short-iso: 8427 lines, 794611 bytes, 91 hang reports");
    expect(lines).toContain("link down on eno1 at 2025-10-12T12:30:12.000Z");
  });

  it("abort: stops at the first hang report", async () => {
    expect(await run("abort", [logs])).toEqual(["first hang report: line 124 of kern.log.10.gz", "stopped there"]);
  });

  it("registers-csv: a row for each hang report, every row as wide as the head", async () => {
    const [head = "", ...rows] = await run("registers-csv", [logs]);
    expect(head).toMatch(/^time,host,pci,interface,TDH,TDT,/);
    expect(rows).toHaveLength(272);
    expect(rows[0]).toMatch(
      /^2025-09-17T15:11:08\.000Z,pve1,0000:00:1f\.6,eno1,70,be,be,6f,111d0b8bf,70,111d0bae1,0,40080083/,
    );
    for (const row of rows) expect(row.split(",")).toHaveLength(head.split(",").length);
  });

  it("registers-csv: what a log calls a host or an interface is no formula, and stays in its cell", async () => {
    const log = join(folder, "hostile.log");
    const hosts = ["=cmd|' /C calc'!A0", '+SUM(1,"2")', "a\u202eb"].map((host) => host.replaceAll(" ", "_"));
    const line = (host: string): string =>
      `2025-10-05T02:00:00.000000+00:00 ${host} kernel: e1000e 0000:00:1f.6 +1-2: Detected Hardware Unit Hang:\n`;
    await writeFile(log, hosts.map(line).join(""));
    expect((await run("registers-csv", [log])).slice(1)).toEqual([
      "2025-10-05T02:00:00.000Z,'=cmd|'_/C_calc'!A0,0000:00:1f.6,'+1-2",
      `2025-10-05T02:00:00.000Z,"'+SUM(1,""2"")",0000:00:1f.6,'+1-2`,
      "2025-10-05T02:00:00.000Z,a\\u202eb,0000:00:1f.6,'+1-2",
    ]);
  });

  it("web-stream: a File gives the verdict that its path gives", async () => {
    const { events, evidence } = await readEvidence([journal], { timeZone: "Europe/Berlin" });
    const { series } = analyze({ events, evidence }, { now: Date.now() });
    expect(series).toHaveLength(1);
    expect(await run("web-stream", [journal])).toEqual(series.map(({ verdict }) => `pve1: ${verdict.headline}`));
  });

  it("other-driver: hangs of igc, and whether they stopped", async () => {
    const log = join(folder, "nas.log");
    await writeFile(log, logOfIgc());
    const lines = await run("other-driver", ["2025-10-11T12:00:00Z", log]);
    expect(lines).toHaveLength(14 * 3 + 2);
    expect(lines[0]).toBe("enp3s0 queue 2: TDH 164, TDT 177");
    expect(lines.slice(-2)).toEqual([
      "nas enp3s0: 14 episodes, 14 in 60 backups",
      "Fewer hangs per backup-hour since the change of 11 Oct 2025: at most 0.566 of the old rate (95 %, one-sided).",
    ]);
  });

  it("weekly-check: the second run knows the first, and the same logs count once", async () => {
    const ledger = join(folder, "ledger.db");
    expect(await run("weekly-check", [ledger, logs])).toEqual(["pve1 0000:00:1f.6: improvement-shown", "first check"]);
    const again = await run("weekly-check", [ledger, logs]);
    expect(again[0]).toBe("pve1 0000:00:1f.6: improvement-shown");
    expect(again[1]).toMatch(/^\d+ differences since the last check$/);
  });
});

/** Sixty nights of borgmatic on a host whose igc hangs in every third of the first forty. */
function logOfIgc(): string {
  const nic = "igc 0000:03:00.0 enp3s0";
  const lines: string[] = [];
  const write = (unixMs: number, tag: string, message: string): void => {
    lines.push(`${new Date(unixMs).toISOString().replace("Z", "+00:00")} nas ${tag}: ${message}\n`);
  };
  for (let night = 0; night < 60; night++) {
    const startMs = Date.UTC(2025, 8, 1 + night);
    write(startMs, "borgmatic", "INFO ssh://backup/./repo: Creating archive");
    for (let report = 0; night % 3 === 0 && night < 40 && report < 3; report++) {
      const atMs = startMs + 600_000 + report * 2_000;
      const ticks = 0x100000000 + (atMs - Date.UTC(2025, 8, 1)) / 4;
      const dump = [
        "  Tx Queue             <2>",
        "  TDH                  <a4>",
        "  TDT                  <b1>",
        "  next_to_use          <b1>",
        "  next_to_clean        <a4>",
        "buffer_info[next_to_clean]",
        `  time_stamp           <${(ticks - 500 * (report + 1)).toString(16)}>`,
        "  next_to_watch        <00000000be4e3f3c>",
        `  jiffies              <${ticks.toString(16)}>`,
        "  desc.status          <a8000>",
      ];
      for (const line of [`${nic}: Detected Tx Unit Hang`, ...dump]) write(atMs, "kernel", line);
      if (report < 2) continue;
      write(atMs + 3_000, "kernel", `${nic}: Reset adapter`);
      write(atMs + 6_000, "kernel", `${nic}: NIC Link is Up 2500 Mbps Full Duplex, Flow Control: RX/TX`);
    }
    write(startMs + 2_400_000, "borgmatic", "INFO /etc/borgmatic/config.yaml: Successfully ran configuration file");
    for (let hour = 1; hour < 24; hour++) write(startMs + hour * 3_600_000, "kernel", "usb 1-5: USB disconnect");
  }
  return lines.join("");
}

it("the README lists every example, and every example has a test", async () => {
  const [names, readme, tests] = await Promise.all([
    readdir(examples).then((all) => all.filter((name) => name.endsWith(".mjs")).sort()),
    readFile(join(examples, "README.md"), "utf8"),
    readFile(fileURLToPath(import.meta.url), "utf8"),
  ]);
  expect([...readme.matchAll(/\]\(([^)]+\.mjs)\)/g)].map(([, name]) => name).sort()).toEqual(names);
  for (const name of names) expect(tests).toContain(`run("${name.replace(".mjs", "")}"`);
});
