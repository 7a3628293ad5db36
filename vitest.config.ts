import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["@hangproof/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "fixtures/test/**/*.test.ts", "examples/test/**/*.test.ts"],
    reporters: ["default", "./scripts/closing-line-reporter.mjs"],
    testTimeout: 60_000,
    // Many tests wait for programs that they started: a worker a core, not one less.
    maxWorkers: availableParallelism(),
  },
});
