const stats = (name) => `packages/analyzer/src/stats/${name}.ts`;
const parser = (name) => `packages/parser/src/${name}.ts`;
const STATS_TESTS = ["packages/analyzer/test/stats/*.test.ts"];
const test = (name) => `packages/parser/test/${name}.test.ts`;

/** What is changed together, and the tests that should notice: those that say what these files must do. */
export const PARTS = [
  {
    name: "statistics: rates and their ratio",
    mutate: [stats("rate-ratio"), stats("poisson-rate"), stats("interval")],
    tests: STATS_TESTS,
  },
  {
    name: "statistics: runs, families, verdict, waiting",
    mutate: [stats("run-comparison"), stats("holm"), stats("verdict-ladder"), stats("waiting")],
    tests: STATS_TESTS,
  },
  {
    name: "parser: register dumps and heads of hang reports",
    mutate: [
      parser("drivers/e1000e/hang-assembler"),
      parser("drivers/e1000e/hang-head"),
      parser("drivers/e1000e/prefix"),
      parser("drivers/e1000e/whole-dump"),
    ],
    tests: [
      test("hang-assembly"),
      test("split-dump"),
      test("recognisers"),
      test("source-messages"),
      test("pasted-and-framed"),
    ],
  },
  {
    name: "parser: clocks",
    mutate: [
      parser("clock/stamp-clock"),
      parser("clock/year-inference"),
      parser("clock/boot-anchor"),
      parser("clock/civil"),
    ],
    tests: [test("clock"), test("encodings-and-clocks"), test("machines")],
  },
  {
    name: "parser: entries of native journals",
    mutate: [
      parser("journal-file/entry-list"),
      parser("journal-file/entry-fields"),
      parser("journal-file/passed-entries"),
    ],
    tests: [
      test("journal-file/journal-file"),
      test("journal-file/passed-entries"),
      test("journal-file/journal-damage"),
    ],
  },
];
