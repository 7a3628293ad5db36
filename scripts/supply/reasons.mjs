/** Why each package that we name ourselves is there; what is measured stands beside it in docs/dependencies.md. */
export const REASONS = {
  "@duckdb/node-api": {
    job: "a fleet's tables: Parquet written and read, with SQL",
    keptBy: "the DuckDB Foundation",
    whyNotOwn:
      "A column store is not written beside another job. Native code, prebuilt and checked by the lock file's hashes; loaded by the fleet commands only.",
  },
  "chrono-node": {
    job: '`--since`, `--until` and `--change` in words: "last sunday 2am"',
    keptBy: "Wanasit Tanakitrungruang and contributors",
    whyNotOwn: "People write dates in more ways than one thinks of. It sees the command line only, never a log.",
  },
  commander: {
    job: "the command line: options, help, usage errors",
    keptBy: "John Gee and contributors",
    whyNotOwn: "Help that wraps, close matches and option rules are a program of their own. No packages under it.",
  },
  "csv-parse": {
    job: "the CSV form of `--windows`",
    keptBy: "Adaltas (David Worms)",
    whyNotOwn: "Quotes, line ends inside cells and byte order marks, in files that spreadsheets wrote.",
  },
  "csv-stringify": {
    job: "`--format csv`",
    keptBy: "Adaltas (David Worms)",
    whyNotOwn: "The writing side of the same rules; what a spreadsheet would run is escaped before it gets there.",
  },
  events: {
    job: "the emitter that unbzip2-stream wants of Node, in the page",
    keptBy: "Irakli Gozalishvili and contributors, for browserify",
    whyNotOwn: "What bundlers take for it.",
  },
  fzstd: {
    job: "zstd: compressed files, and values inside native journals",
    keptBy: "Arjun Barrett",
    whyNotOwn: "Node 20 has no zstd. Pure JavaScript, so it runs in a browser, too.",
  },
  "hash-wasm": {
    job: "SHA-256 of what the page reads",
    keptBy: "Dani Biró",
    whyNotOwn:
      "A browser's own wants a whole file in memory at once. WebAssembly, several times as fast as JavaScript.",
  },
  "ical.js": {
    job: "the calendar form of `--windows`: repeated events in their zones",
    keptBy: "Philipp Kewisch, for Thunderbird's calendar",
    whyNotOwn: "Recurrence rules with exceptions (RFC 5545) are hard, and calendars use all of them.",
  },
  libsql: {
    job: "the ledger: SQLite with transactions that survive a kill",
    keptBy: "Turso",
    whyNotOwn:
      "A database is not written beside another job. Native code, prebuilt and checked by the lock file's hashes; the parser, the analyzer and reports do without it.",
  },
  "modern-tar": {
    job: "tar archives (sosreport), as a stream",
    keptBy: "Ayuhito",
    whyNotOwn: "PAX and GNU extensions, long names and sparse headers, read without writing to disk.",
  },
  pako: {
    job: "gzip, in the page",
    keptBy: "Vitaly Puzrin and Andrei Tuputcyn",
    whyNotOwn:
      "zlib itself, translated. A browser's own refuses files of several members, which `cat a.gz b.gz` makes.",
  },
  "simple-statistics": {
    job: "quantiles of sorted values",
    keptBy: "Tom MacWright and contributors",
    whyNotOwn: "Checked by more eyes than ours. Exact tests that it lacks are ours, with values from R.",
  },
  "unbzip2-stream": {
    job: "bzip2: compressed files",
    keptBy: "Jan Bölsche",
    whyNotOwn: "Node has no bzip2, and old rotations and sosreports use it. Pure JavaScript.",
  },
  "xz-decompress": {
    job: "xz: compressed files",
    keptBy: "Tim Perry (HTTP Toolkit)",
    whyNotOwn:
      "Node has no xz, and sosreports are packed with it. WebAssembly in a sandbox of its own, not native code.",
  },
};
