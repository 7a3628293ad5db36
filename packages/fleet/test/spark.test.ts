import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A Python that has PySpark: the one that is named, else python3; null where Java or PySpark is not there. */
function sparkPython(): string | null {
  const python = process.env.HANGPROOF_PYSPARK_PYTHON ?? "python3";
  const runs = (command: string, args: readonly string[]): boolean => spawnSync(command, args).status === 0;
  if (!runs("java", ["-version"]) || !runs(python, ["-c", "import pyspark"])) return null;
  const { stdout } = spawnSync(python, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  return stdout.trim();
}

const python = sparkPython();
if (python === null)
  console.log("the Spark job is not tested: HANGPROOF_PYSPARK_PYTHON names no Python with PySpark, or Java is missing");

test.skipIf(python === null)(
  "Spark gives the tables, the report and the SQL of DuckDB, after a killed executor, a failed task and a second run",
  () => {
    const { status, stdout, stderr } = spawnSync("bash", ["spark/test.sh"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, HANGPROOF_PYSPARK_PYTHON: python ?? "" },
    });
    expect([status, stdout.trim().split("\n").at(-1)], stdout + stderr).toEqual([
      0,
      expect.stringContaining("the same rows of SQL"),
    ]);
  },
  1_200_000,
);
