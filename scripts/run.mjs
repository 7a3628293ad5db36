#!/usr/bin/env node
/**
 * The two commands of the README on a machine that has git, Node and npm and nothing else: brings pnpm through npm,
 * installs what the lock file names, builds, and runs the wanted job. Each step says what it does before it does it.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PNPM } from "./pnpm.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".hangproof-installed");
const bin = (name) => join(root, "node_modules", ".bin", name);

function say(text) {
  process.stderr.write(`> ${text}\n`);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) {
    say(`${command} could not be started: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** What the installation depends on; a change of it means a new installation. */
function wanted() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"])
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function setup() {
  const key = wanted();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  say(`installing the packages of the lock file with ${PNPM} (once; needs the npm registry)`);
  run("npx", ["--yes", PNPM, "install", "--frozen-lockfile", "--reporter=append-only"], {
    // Installer noise belongs on stderr: stdout is the report's.
    stdio: ["ignore", 2, 2],
    env: { ...process.env, npm_config_manage_package_manager_versions: "false" },
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}

function build() {
  say("building (tsc -b, the command as one file, the libraries as few)");
  run(bin("tsc"), ["-b"], { stdio: ["ignore", 2, 2] });
  // The command as one file: loading hundreds of modules takes longer than a small report.
  run(process.execPath, ["scripts/bundle.mjs", "packages/cli/dist/hangproof.mjs"], { stdio: ["ignore", 2, 2] });
  const libraries = ["packages/parser", "packages/analyzer"];
  run(process.execPath, ["scripts/bundle-library.mjs", ...libraries], { stdio: ["ignore", 2, 2] });
}

const [job = "start", ...rest] = process.argv.slice(2);
switch (job) {
  case "setup":
    setup();
    build();
    break;
  case "start": {
    setup();
    build();
    const target = rest.length > 0 ? rest : ["report", "fixtures/cases/pve-backup-hang", "--tz", "Europe/Berlin"];
    say(`hangproof ${target.join(" ")}`);
    run(process.execPath, ["packages/cli/dist/hangproof.mjs", ...target]);
    break;
  }
  case "test":
    setup();
    build();
    say("lint and format (biome)");
    run(bin("biome"), ["ci", "."]);
    say("types of the tests (tsc)");
    run(bin("tsc"), ["-p", "tsconfig.test.json"]);
    say("tests (vitest)");
    run(bin("vitest"), ["run", ...rest]);
    break;
  case "bench":
    setup();
    build();
    run(process.execPath, ["scripts/bench.mjs", ...rest]);
    break;
  default:
    say(`unknown job ${job}; jobs: setup, start, test, bench`);
    process.exit(2);
}
