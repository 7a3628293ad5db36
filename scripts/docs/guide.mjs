import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const fileOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

/** Arguments as a shell cuts them; the guide quotes with double quotes only. */
function words(line) {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
}

/**
 * The guide with the true output below each command of its console blocks. Commands run one after the other in one
 * folder that holds the fixtures, so that a later one may read what an earlier one wrote;
 * `| head -n N` behind a command says how much is shown.
 * @throws when a command is not hangproof's own, or fails
 */
export function withOutput(guide) {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-guide-"));
  try {
    cpSync(fileOf("fixtures/cases"), join(folder, "fixtures/cases"), { recursive: true, preserveTimestamps: true });
    return guide.replaceAll(BLOCK, (_, block) => {
      const commands = block.split("\n").filter((line) => line.startsWith("$ "));
      return `\`\`\`console\n${commands.map((command) => `${command}\n${outputOf(command.slice(2), folder)}`).join("")}\`\`\``;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outputOf(command, folder) {
  const [line, head] = command.split(" | head -n ");
  const [program, ...args] = words(line);
  if (program !== "hangproof") throw new Error(`the guide runs hangproof only: ${command}`);
  const output = execFileSync(process.execPath, [fileOf("packages/cli/dist/main.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, TZ: "UTC", NO_COLOR: "1", COLUMNS: "80", LC_ALL: "C.UTF-8" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = output.split("\n").map((text) => text.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  const shown = head === undefined ? lines : lines.slice(0, Number(head));
  return shown.map((text) => `${text}\n`).join("");
}
