import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const run = promisify(execFile);

async function redacted(...args: readonly string[]): Promise<string> {
  const argv = ["packages/cli/dist/main.js", ...args, "fixtures/cases/pve-backup-hang", "--tz", "UTC", "--redact"];
  const { stdout, stderr } = await run(process.execPath, argv, { cwd: root, maxBuffer: 1 << 26 });
  return stdout + stderr;
}

describe("--redact", () => {
  it.each(["text", "markdown", "html", "json", "csv", "ics"])(
    "leaves no host name or user in a %s report",
    async (form) => {
      const bytes = await redacted("report", "--format", form, "--now", "2026-01-01T00:00:00Z");
      expect(bytes).not.toMatch(/pve1|root@/i);
      expect(bytes).toContain("0000:00:1f.6");
    },
  );

  it("leaves no host name or user in events, and keeps PCI addresses", async () => {
    const bytes = await redacted("events");
    expect(bytes).not.toMatch(/pve1|root@|[0-9a-f]{2}(:[0-9a-f]{2}){5}/i);
    expect(bytes).toContain("0000:00:1f.6");
  });
});
