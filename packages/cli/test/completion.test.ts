import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";

async function printed(...args: readonly string[]): Promise<string> {
  const ctx = fakeContext();
  expect(await run(args, ctx)).toBe(0);
  return ctx.stdout.join("");
}

const has = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).status === 0;

/** What bash would offer after these words. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const script = `${await printed("completion", "bash")}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _hangproof; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", cwd: "/" });
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n");
}

test.skipIf(!has("bash"))(
  "bash completes commands, their commands, options and choices (skipped without bash)",
  async () => {
    expect(await offered("hangproof", "rep")).toEqual(["report"]);
    expect(await offered("hangproof", "ledger", "ver")).toEqual(["verify"]);
    expect(await offered("hangproof", "report", "--for")).toEqual(expect.arrayContaining(["--format", "--for"]));
    expect(await offered("hangproof", "report", "--format", "m")).toEqual(["markdown"]);
    expect(await offered("hangproof", "check", "--pro")).toEqual(["--prometheus"]);
  },
);

test.skipIf(!has("bash"))("the scripts for bash and zsh are valid bash", async () => {
  for (const shell of ["bash", "zsh"]) {
    const { status, stderr } = spawnSync("bash", ["-n"], {
      input: await printed("completion", shell),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  }
});

test("fish gets a line for every command and option", async () => {
  const text = await printed("completion", "fish");
  for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^complete -c hangproof -n '[^']+' (-a|-l) \S+/);
  expect(text).toContain("-a report");
  expect(text).toContain("-l prometheus");
});

test("another shell is a usage error", async () => {
  expect(await run(["completion", "tcsh"], fakeContext())).toBe(2);
});

const hasMan = spawnSync("groff", ["--version"]).error === undefined;
test("the manual names every command and option", async () => {
  const page = await printed("manual");
  expect(page).toMatch(/^\.TH HANGPROOF 1 "\d{4}-\d\d-\d\d" "hangproof 1\.2\.3"/);
  for (const word of ["REPORT", "LEDGER FORGET", "CHANGE ADD", "FOLLOW"]) expect(page).toContain(`.SH ${word}\n`);
  expect(page).toContain("\\fB\\-\\-prometheus <file>\\fR");
  if (!hasMan) return;
  const { stdout, stderr } = spawnSync("groff", ["-man", "-Tascii", "-P-cbou", "-ww"], {
    input: page,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(stdout).toContain("SYNOPSIS");
});
