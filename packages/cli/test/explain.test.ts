import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { library } from "../src/library.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";

const folder = mkdtempSync(join(tmpdir(), "hangproof-explain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `explain` over real libraries: what it wrote and its status. */
async function explain(text: string, ...options: string[]): Promise<{ code: number; out: string }> {
  const file = join(folder, "paste.txt");
  writeFileSync(file, text);
  const ctx = fakeContext(undefined, { library, width: 200 });
  const code = await run(["explain", file, "-q", "--plain", ...options], ctx);
  return { code, out: ctx.stdout.join("") };
}

const dump = (
  jiffies: number,
  head = 0x13,
  driver = "e1000e 0000:00:19.0 eth0",
) => `${driver}: Detected Hardware Unit Hang:
  TDH                  <${head.toString(16)}>
  TDT                  <88>
  next_to_use          <88>
  next_to_clean        <7>
buffer_info[next_to_clean]:
  time_stamp           <100227358>
  next_to_watch        <13>
  jiffies              <${jiffies.toString(16)}>
  next_to_watch.status <0>
MAC Status             <80083>
PHY Status             <796d>
PHY 1000BASE-T Status  <3c00>
PHY Extended Status    <3000>
PCI Status             <10>
`;
const stamped = (seconds: string, text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `[${seconds}] ${line}\n`)
    .join("");

test("a pasted dump is decoded in plain words, and the failure is not guessed from one report", async () => {
  const { code, out } = await explain(dump(0x100227517));
  expect(code).toBe(0);
  expect(out).toContain("eth0 (0000:00:19.0): cannot be told from this");
  expect(out).toContain("TDH <13> = 19");
  expect(out).toContain("LU link is up");
  expect(out).toContain("SPEED_1000 1000 Mb/s");
  expect(out).toContain("129 of 256 slots in use");
  expect(out).toContain("117 descriptors handed to the hardware");
  expect(out).toContain("ring size 256 is assumed");
  expect(out).toContain("447 ticks");
  expect(out).toContain("4.47 s at HZ 100, 1.79 s at HZ 250, 1.49 s at HZ 300, 0.447 s at HZ 1000");
});

test("columns collapsed by a forum, and lines that are missing", async () => {
  const text = dump(0x100227517)
    .replace(/ +</g, " <")
    .replace(/^ +/gm, "")
    .replace(/^PHY.*\n/gm, "");
  const { out } = await explain(text);
  expect(out).toContain("missing, cut off or lost: PHY Status, PHY 1000BASE-T Status, PHY Extended Status");
  expect(out).toContain("MAC Status <80083> = 524419");
});

test("several reports: whether the head moves, and the tick rate from their own stamps", async () => {
  const times = ["9327.470501", "9329.469310", "9331.470501", "9333.470501"];
  const { out } = await explain(times.map((at, i) => stamped(at, dump(0x100227517 + i * 500))).join(""));
  expect(out).toContain("permanent transmit wedge");
  expect(out).toContain("TDH is the same in 4 reports");
  expect(out).toContain("1.79 s at HZ 250, as the stamps of the log show");
  expect(out).toContain("The head (TDH) stands still through all 4 reports.");
});

test("--ring is taken for what it is", async () => {
  const { out } = await explain(dump(0x100227517), "--ring", "4096");
  expect(out).toContain("129 of 4096 slots");
  expect(out).toContain("ring size 4096, as given");
});

test("a sister driver's dump is told as what it is, and is no e1000e hang", async () => {
  const { out } = await explain(
    dump(0x100227517, 1, "igb 0000:06:00.0 eno4").replace(
      "Hardware Unit Hang:",
      "Tx Unit Hang\n  Tx Queue             <2>",
    ),
  );
  expect(out).toContain("hang of another driver's adapter");
  expect(out).toContain("are of igb, not of e1000e");
  expect(out).toContain("0 hang reports");
  expect(out).toContain("igb (0000:06:00.0 eno4): 1 line");
});

test("a watchdog line of r8169 is that driver's", async () => {
  const { out } = await explain("[  100.000000] NETDEV WATCHDOG: enp3s0 (r8169): transmit queue 0 timed out\n");
  expect(out).toContain("are of r8169, not of e1000e");
});

test("nothing to explain is said, with status 1", async () => {
  const { code, out } = await explain("hello\n");
  expect(code).toBe(1);
  expect(out).toContain("No hang report");
});

test("register lines whose first line was not pasted are told, and what to paste", async () => {
  const { out } = await explain(dump(0x100227517).split("\n").slice(1).join("\n"));
  expect(out).toContain("No hang report");
  expect(out).toContain('paste from "Detected Hardware Unit Hang:" on');
});

test("nothing from a log reaches the terminal or a command as more than text", async () => {
  const name = "\u001b[2Jx;id";
  const text = dump(0x100227517, 0x13, `e1000e 0000:00:19.0 ${name}`);
  const { out } = await explain(text + dump(0x100227517 + 500, 0x13, `e1000e 0000:00:19.0 ${name}`));
  expect(out).not.toContain("\u001b");
  expect(out).not.toMatch(/ip link set [^I]/);
  const json = await explain(text, "-f", "json");
  expect(json.out).toMatch(/^[\n\x20-\x7e]*$/);
});

test("JSON has the decoding, the judgement and the advice", async () => {
  const { out } = await explain(dump(0x100227517), "-f", "json");
  const model = JSON.parse(out) as { adapters: { decoded: { ring: { used: number } }; judgement: { mode: string } }[] };
  expect(model.adapters[0]?.decoded.ring.used).toBe(129);
  expect(model.adapters[0]?.judgement.mode).toBe("unclear");
});

test("without a path standard input is read; a ring of 0 is a usage error", async () => {
  const ctx = fakeContext();
  expect(await run(["explain", "-q"], ctx)).toBe(0);
  expect(ctx.calls.read).toEqual([["-"]]);
  expect(await run(["explain", "--ring", "0"], fakeContext())).toBe(2);
});

test("the text is ASCII with --plain, and no line is wider than asked for", async () => {
  const file = join(folder, "plain.txt");
  writeFileSync(file, dump(0x100227517));
  const ctx = fakeContext(undefined, { library, width: 60 });
  await run(["explain", file, "--plain"], ctx);
  const out = ctx.stdout.join("");
  expect(out).toMatch(/^[\n\x20-\x7e]*$/);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
});
