import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "@hangproof/analyzer";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");
const project = mkdtempSync(join(tmpdir(), "hangproof-library-"));
const bin = (name: string) => join(root, "node_modules/.bin", name);

/** The README's example, as it stands there. */
function readmeExample(): string {
  const section = readFileSync(join(root, "README.md"), "utf8").split("## As a library")[1] ?? "";
  const code = /```ts\n(.*?)```/s.exec(section)?.[1];
  if (code === undefined) throw new Error("README.md has no library example");
  return code;
}

/** What an installation from the packed tarball lays down, without asking a registry. */
function install(packageName: string, folder: string): void {
  const tarballs = join(project, "tarballs", folder);
  mkdirSync(tarballs, { recursive: true });
  execFileSync(bin("pnpm"), ["pack", "--pack-destination", tarballs], { cwd: join(root, "packages", folder) });
  const [tarball] = readdirSync(tarballs);
  const target = join(project, "node_modules", packageName);
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", join(tarballs, tarball ?? ""), "--strip-components=1", "-C", target]);
  const manifest = JSON.parse(readFileSync(join(target, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const to = join(project, "node_modules", name);
    if (name.startsWith("@hangproof/") || existsSync(to)) continue;
    cpSync(join(root, "packages", folder, "node_modules", name), to, { recursive: true, dereference: true });
  }
}

beforeAll(() => {
  if (!existsSync(join(root, "packages/analyzer/dist/index.js"))) execFileSync(bin("tsc"), ["-b"], { cwd: root });
  install("@hangproof/parser", "parser");
  install("@hangproof/analyzer", "analyzer");
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  mkdirSync(join(project, "fixtures/cases"), { recursive: true });
  cpSync(join(root, "fixtures/cases/pve-backup-hang"), join(project, "fixtures/cases/pve-backup-hang"), {
    recursive: true,
  });
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

test("the README's example runs from the packed tarballs and reproduces the report's numbers", () => {
  const code = `${readmeExample()}\nconsole.log(JSON.stringify(report));\n`;
  writeFileSync(join(project, "example.mjs"), code);
  const lines = execFileSync(process.execPath, ["example.mjs"], { cwd: project, encoding: "utf8", maxBuffer: 2 ** 28 })
    .trim()
    .split("\n");
  const fromLibrary = JSON.parse(lines.pop() ?? "");
  const args = ["packages/cli/dist/main.js", "report", "fixtures/cases/pve-backup-hang", "--format", "json", "--quiet"];
  const cli = spawnSync(process.execPath, [...args, "--tz", "Europe/Berlin", "--now", "2025-11-24T12:00:00Z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  expect(cli.status, cli.stderr).toBe(0);
  const report: Report = JSON.parse(cli.stdout);
  // The example leaves out what only serves to read the same evidence again.
  expect(fromLibrary).toEqual({ ...report, options: { ...report.options, reading: null } });
  expect(lines[0]).toMatch(/^pve1 \S+: (improvement|consistent|insufficient|no-effect|worse)/);
});

test("the README's example is at most 15 lines and type checks against the packed types", () => {
  const code = readmeExample();
  expect(code.trim().split("\n").length).toBeLessThanOrEqual(15);
  writeFileSync(join(project, "example.ts"), code);
  const compiler = { module: "nodenext", target: "es2023", strict: true, noEmit: true, types: ["node"] };
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { ...compiler, typeRoots: [join(root, "node_modules/@types")] },
      files: ["example.ts"],
    }),
  );
  const result = spawnSync(bin("tsc"), ["-p", "."], { cwd: project, encoding: "utf8" });
  expect(result.stdout + result.stderr).toBe("");
});
