import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import puppeteer, { type Browser, type ElementHandle, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeJournal } from "../../parser/test/support/journal-writer.js";
import { PACKED_LINE } from "../../parser/test/support/packed-line.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const CASE = join(root, "fixtures/cases/pve-backup-hang");
const folder = mkdtempSync(join(tmpdir(), "hangproof-web-"));
const built = join(folder, "hangproof.html");
const saved = join(folder, "saved");
const HANG = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\n";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path) && spawnSync(path, ["--version"]).status === 0,
);
if (CHROMIUM === undefined) console.warn("chromium is not here: the tests of the page in it are skipped");

let browser: Browser;
/** What the browser said and asked for that no test should see. */
const complaints: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  if (!existsSync(join(root, "packages/cli/dist/main.js")))
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-b"], { cwd: root });
  execFileSync(process.execPath, ["scripts/web.mjs", built], { cwd: root });
  mkdirSync(saved);
  browser = await puppeteer.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu"],
    env: { ...process.env, TZ: "Europe/Berlin" },
    downloadBehavior: { policy: "allow", downloadPath: saved },
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(built).href);
  return page;
}

async function pick(page: Page, id: "files" | "folder", paths: readonly string[]): Promise<void> {
  const input = (await page.$(`#${id}`)) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(...paths);
}

async function drop(page: Page, files: readonly string[]): Promise<void> {
  const client = await page.createCDPSession();
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await client.send("Input.dispatchDragEvent", { type, x: 200, y: 300, data });
}

const judged = (page: Page) => page.waitForSelector("body.done #result:not([hidden]), #status.failed");

/** What a link of the page saves. */
async function save(page: Page, what: "html" | "json"): Promise<string> {
  const path = join(saved, `hangproof-report.${what}`);
  rmSync(path, { force: true });
  await page.click(`#save-${what}`);
  await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
  return readFileSync(path, "utf8");
}

/** The command's report, as of the moment at which the page made its own. */
function command(
  paths: readonly string[],
  format: "html" | "json",
  page: string,
  more: readonly string[] = [],
): string {
  const now = new Date((JSON.parse(page) as { readonly now: number }).now).toISOString();
  const first = paths[0] ?? "";
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(root, "packages/cli/dist/main.js"),
      ...["report", ...paths.map((path) => basename(path)), "--format", format, "--now", now, ...more],
    ],
    { cwd: dirname(first), encoding: "utf8", maxBuffer: 2 ** 28, env: { PATH: process.env.PATH, TZ: "Europe/Berlin" } },
  );
  return stdout;
}

/**
 * Equal to the byte but for the last digits of what logarithms went into: the two have engines of different age, whose
 * `Math.log` differs by a unit in the last place.
 */
function expectSameNumbers(page: string, told: string): void {
  const fractions = /-?\d+\.\d+(?:e[-+]\d+)?|-?\d+e[-+]\d+/g;
  expect(page.replace(fractions, "#")).toBe(told.replace(fractions, "#"));
  const expected = told.match(fractions) ?? [];
  const off = (page.match(fractions) ?? []).filter((text, at) => {
    const other = Number(expected[at]);
    return Math.abs(Number(text) - other) > 1e-12 * Math.abs(other);
  });
  expect(off).toEqual([]);
}

describe.skipIf(CHROMIUM === undefined)("in Chromium, from a disk", () => {
  test.each(readdirSync(join(root, "fixtures/cases")))(
    "%s: report and numbers of the folder are the command's, in an assumed zone and in one that was chosen",
    async (name) => {
      const path = join(root, "fixtures/cases", name);
      const page = await openPage();
      await pick(page, "folder", [path]);
      await judged(page);
      const json = await save(page, "json");
      expectSameNumbers(json, command([path], "json", json));
      expect(await save(page, "html")).toBe(command([path], "html", json));
      await page.select("#zone", "America/New_York");
      await page.waitForFunction(() => document.body.classList.contains("done"));
      const chosen = await save(page, "json");
      expectSameNumbers(chosen, command([path], "json", chosen, ["--tz", "America/New_York"]));
      await page.close();
    },
  );

  test("a question that is typed gives the command's numbers for the same words, and says how it understood them", async () => {
    const page = await openPage();
    await page.click("#options summary");
    const typed = {
      change: ["2025-10-05 14:30: cable replaced", "2025-10-20 09:00: flow control off"],
      window: ["every sunday 02:00 for 90 minutes", "2025-10-08 01:00 to 04:30"],
      since: "2025-09-10 12:00",
      until: "nov 2 2025 06:00",
    };
    await page.type("#change", typed.change.join("\n"));
    await page.type("#window", typed.window.join("\n"));
    await page.type("#since", typed.since);
    await page.type("#until", typed.until);
    await page.select("#zone", "+02:00");
    await page.click("#question button");
    expect(await page.$eval("#status", (status) => status.textContent)).toBe("Now drop or choose the logs.");
    await pick(page, "folder", [CASE]);
    await judged(page);
    const json = await save(page, "json");
    const flags = [
      ...["--tz", "+02:00", "--since", typed.since, "--until", typed.until],
      ...typed.change.flatMap((text) => ["--change", text]),
      ...typed.window.flatMap((text) => ["--window", text]),
    ];
    expectSameNumbers(json, command([CASE], "json", json, flags));
    expect(await save(page, "html")).toBe(command([CASE], "html", json, flags));
    expect(JSON.parse(json)).toMatchObject({ options: { changes: [{ title: "cable replaced" }, {}] } });
    const sentences = await page.$$eval("#understood li", (items) => items.map((item) => item.textContent));
    expect(sentences).toHaveLength(4);
    expect(sentences[0]).toMatch(/^--since 2025-09-10 12:00:00 .*\(Etc\/GMT-2\)$/);
    await page.close();
  });

  test("a question that cannot be understood is refused in the command's words, and judged when it was put right", async () => {
    const page = await openPage();
    await page.click("#options summary");
    await pick(page, "folder", [CASE]);
    await judged(page);
    await page.type("#since", "<b>tuesday-ish</b>");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#status.failed");
    expect(await page.$eval("#status", (status) => status.textContent)).toContain(
      '--since "<b>tuesday-ish</b>": not one time',
    );
    expect(await page.$("#result:not([hidden])")).toBeNull();
    await page.$eval("#since", (input) => {
      (input as HTMLInputElement).value = "";
    });
    await page.click("#question button");
    await page.waitForSelector("body.done #result:not([hidden])");
    const json = await save(page, "json");
    expectSameNumbers(json, command([CASE], "json", json));
    await page.close();
  });

  test("every packing, an archive and a native journal are read as the command reads them", async () => {
    const logs = join(folder, "packed");
    mkdirSync(logs);
    const line = (second: number) => Buffer.from(HANG.replace("14:07", `14:${second}`));
    const paths = Object.entries(PACKED_LINE).map(([extension, base64]) => {
      const path = join(logs, `kern.log.${extension}`);
      writeFileSync(path, Buffer.from(base64, "base64"));
      return path;
    });
    const entry = {
      realtimeUs: 1_762_046_047_000_000,
      monotonicUs: 5_000_000,
      bootId: "00112233445566778899aabbccddeeff",
      fields: ["_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", `MESSAGE=${HANG.slice(HANG.indexOf("e1000e")).trim()}`],
    };
    const more: Readonly<Record<string, Uint8Array>> = {
      "system.journal": writeJournal([entry]),
      "two-members.gz": Buffer.concat([gzipSync(line(11)), gzipSync(line(13)), Buffer.alloc(512)]),
      "cut.gz": gzipSync(Buffer.concat([line(21), line(23)])).subarray(0, 90),
      "empty.log": Buffer.alloc(0),
      "utf16.log": Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(HANG, "utf16le")]),
    };
    for (const [name, bytes] of Object.entries(more)) {
      writeFileSync(join(logs, name), bytes);
      paths.push(join(logs, name));
    }
    const tar = spawnSync("tar", ["-czf", join(folder, "sos.tar.gz"), "-C", folder, "packed"]);
    expect(tar.status).toBe(0);
    const page = await openPage();
    await pick(page, "files", paths);
    await judged(page);
    const json = await save(page, "json");
    expectSameNumbers(json, command(paths, "json", json));
    const notes = await page.$$eval("#faults li", (items) => items.map((item) => item.textContent));
    expect(notes.join()).toContain("cut.gz: gzip data is damaged or cut off");

    await page.click("#clear");
    await pick(page, "files", [join(folder, "sos.tar.gz")]);
    await judged(page);
    const archive = await save(page, "json");
    expectSameNumbers(archive, command([join(folder, "sos.tar.gz")], "json", archive));
    await page.close();
  });

  test("hostile names and hostile text stay text, on the page and in the frame", async () => {
    const name = "<img src=x onerror=alert(1)>\u202e.log";
    const path = join(folder, name);
    const broken = gzipSync(Buffer.from(HANG)).subarray(0, 40);
    writeFileSync(path, HANG.replace("pve1", "<script>top.document.title='owned'</script>"));
    writeFileSync(`${path}.gz`, broken);
    const page = await openPage();
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    await pick(page, "files", [path, `${path}.gz`]);
    await judged(page);
    expect(await page.title()).toBe("hangproof");
    expect(await page.$$("img, script:not(body > script)")).toHaveLength(0);
    expect(await page.$eval("#faults li", (item) => item.textContent)).toContain("<img src=x onerror=alert(1)>");
    expect(await page.$eval("body", (body) => body.textContent)).not.toContain("\u202e");
    const frame = await (await page.$("#report"))?.contentFrame();
    expect(await frame?.$$("img, script")).toHaveLength(0);
    expect(await frame?.$eval("main", (main) => main.textContent)).toContain("<img src=x onerror=alert(1)>");
    await page.close();
  });

  test("a folder that is dropped is read like one that is picked, a file once however often it comes", async () => {
    const page = await openPage();
    await drop(page, [CASE]);
    await judged(page);
    const json = await save(page, "json");
    expectSameNumbers(json, command([CASE], "json", json));
    await page.click("#clear");
    await drop(page, [join(CASE, "logs/kern.log")]);
    await judged(page);
    expect(await page.$eval("#status", (status) => status.textContent)).toMatch(/^Report on 1 file,/);
    await page.click("#clear");
    await drop(page, [CASE]);
    await judged(page);
    const before = await page.$eval("#status", (status) => status.textContent);
    await pick(page, "folder", [CASE]);
    await judged(page);
    expect(await page.$eval("#status", (status) => status.textContent)).toBe(before);
    await page.close();
  });

  test("a dropped folder that this browser refuses a page from a disk is told beside the report on the rest", async () => {
    const page = await openPage();
    await drop(page, [CASE, join(CASE, "logs/kern.log")]);
    await judged(page);
    expect(await page.$eval("#status", (status) => status.textContent)).toMatch(/^Report on 1 file,/);
    expect(await page.$$eval("#faults li", (items) => items.map((item) => item.textContent).join())).toMatch(
      /pve-backup-hang: this browser gives no such folder/,
    );
    await page.close();
  });

  test("everything is reached with the keyboard, and has a name", async () => {
    const page = await openPage();
    await pick(page, "folder", [CASE]);
    await judged(page);
    const reached: string[] = [];
    await page.click("#options summary");
    for (let count = 0; count < 14; count += 1) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement?.id ?? ""));
    }
    expect(reached).toEqual(
      expect.arrayContaining([
        "change",
        "window",
        "since",
        "until",
        "files",
        "folder",
        "zone",
        "save-html",
        "save-json",
        "clear",
        "report",
      ]),
    );
    const tree = await page.accessibility.snapshot({ interestingOnly: true });
    const nameless = (tree?.children ?? []).filter(
      ({ role, name }) => ["button", "link", "combobox", "textbox", "Iframe"].includes(role) && !name,
    );
    expect(nameless).toEqual([]);
    await page.close();
  });

  test("nothing picked that is a log is said, not judged", async () => {
    const pictures = join(folder, "pictures");
    mkdirSync(pictures);
    writeFileSync(join(pictures, "one.png"), "x");
    const page = await openPage();
    await pick(page, "folder", [pictures]);
    await judged(page);
    expect(await page.$eval("#status.failed", (status) => status.textContent)).toMatch(/no file to read/);
    await page.close();
  });

  test("on the narrowest telephone nothing is wider than the screen", async () => {
    const page = await openPage();
    await page.setViewport({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await pick(page, "folder", [CASE]);
    await judged(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.close();
  });

  test("the page may connect to nothing, and tried nothing: every request of these tests was for itself", async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(built).href);
    const refused = await page.evaluate(() => fetch("https://example.org/").then(String, () => "refused"));
    expect(refused).toBe("refused");
    await page.close();
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => url !== pathToFileURL(built).href && !/^(?:blob:|about:)/.test(url))).toEqual([]);
  });
});
