/** The same pages in a browser: what its parser makes of hostile text, and that nothing runs, is asked for or complains. */
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FORMS } from "./forms.js";
import { ALL_HOSTILE, type Poison } from "./hostile.js";
import { ORACLES } from "./oracles.js";
import { makeWorld, removeWorld, type World } from "./world.js";

const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);
if (CHROMIUM === undefined) console.warn("chromium is not here: the tests in it are skipped");

let world: World;
const asked: string[] = [];
const server = createServer(({ url = "", headers }, answer) => {
  // A browser asks its maker for updates, too.
  if (headers.host?.includes("evil") === true) asked.push(url);
  answer.end();
});
beforeAll(async () => {
  world = await makeWorld();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}, 60_000);
afterAll(() => {
  removeWorld(world);
  server.close();
});

interface Shown {
  readonly dom: string;
  readonly complaints: string;
}

/** Opens a page as a file, with every host in the world being our own server. */
function open(html: string): Promise<Shown> {
  const path = join(world.folder, "page.html");
  writeFileSync(path, html);
  const { port } = server.address() as AddressInfo;
  const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"];
  const mapped = `--host-resolver-rules=MAP * 127.0.0.1:${port}`;
  return new Promise((resolve, reject) => {
    const child = spawn(CHROMIUM ?? "", [...options, mapped, `file://${path}`], { timeout: 50_000 });
    const shown = { dom: "", complaints: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown.dom += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      shown.complaints += text;
    });
    child.on("error", reject).on("close", () => resolve(shown));
  });
}

const PAGES = FORMS.filter(
  ({ syntax, name }) => syntax === "html" && !name.includes(" -o ") && !name.startsWith("blocks"),
);

test.skipIf(CHROMIUM === undefined).each(PAGES)(
  "$name: Chromium builds the same page with hostile text, runs nothing, asks for nothing",
  async ({ render }) => {
    const beacons = ["<img src=http://evil.example/a>", "</title><script src=http://evil.example/b></script>"];
    const poison: Poison = { text: beacons[0]!, placement: "behind", texts: [...beacons, ...ALL_HOSTILE] };
    const harmless = await open(await render({ text: "x", placement: "behind" }, world));
    const hostile = await open(await render(poison, world));
    expect(ORACLES.html(hostile.dom)).toEqual(ORACLES.html(harmless.dom));
    expect(hostile.dom).toContain("<h1>hangproof");
    expect(hostile.complaints).not.toMatch(/CONSOLE|Refused to|Content Security Policy/);
    expect(asked).toEqual([]);
  },
  120_000,
);
