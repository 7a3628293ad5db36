import fc from "fast-check";
import { expect, test } from "vitest";
import { NEEDLES } from "../../src/read/needles.js";
import { createScanner } from "../../src/scan/create-scanner.js";
import type { EntryPattern, LikeEntries } from "../../src/scan/like-entries.js";
import { MOST_ORIGINS } from "../../src/scan/origins.js";
import { isUtf8 } from "../../src/scan/utf8.js";
import { asExport, asJson, randomEntries } from "../support/random-journal.js";

const HOUR_US = 3_600_000_000;
const HOUR_FROM_US = Math.floor(1_759_631_400_000_000 / HOUR_US) * HOUR_US;

const ORIGIN = {
  bootId: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c",
  machineId: "c0ffee00c0ffee00c0ffee00c0ffee00",
  host: "pve1",
};
const pattern = (form: EntryPattern["form"]): EntryPattern => ({
  form,
  origins: [ORIGIN],
  earliestUs: 1_199_145_600_000_000,
});

const entry = (fields: Readonly<Record<string, string>>): Buffer =>
  asExport([{ fields: Object.entries({ ...USUAL, ...fields }), oddity: "none" }]);
const USUAL = {
  __REALTIME_TIMESTAMP: String(HOUR_FROM_US + 5),
  __MONOTONIC_TIMESTAMP: "9000",
  _BOOT_ID: ORIGIN.bootId,
  _MACHINE_ID: "c0ffee00c0ffee00c0ffee00c0ffee00",
  _HOSTNAME: "pve1",
  _TRANSPORT: "kernel",
  SYSLOG_FACILITY: "0",
  SYSLOG_IDENTIFIER: "kernel",
  _SOURCE_MONOTONIC_TIMESTAMP: "8998",
  MESSAGE: "usb 1-5: USB disconnect",
};

const simd = createScanner(NEEDLES);
const scalar = createScanner(NEEDLES, { kind: "scalar" });

/** What both twins count, which must be the same, of entries that begin at `from`. */
function countedByBoth(form: EntryPattern["form"], bytes: Uint8Array, from = 0): LikeEntries {
  for (const scanner of [simd, scalar]) scanner.buffer.set(bytes);
  const found = simd.countEntries(pattern(form), from, bytes.length);
  expect(found).toEqual(scalar.countEntries(pattern(form), from, bytes.length));
  return found;
}

/** How many both count of whole lines from `from` on, going on behind each line that must be read. */
function countedInAll(form: EntryPattern["form"], bytes: Uint8Array, from = 0): number {
  let passed = 0;
  for (let at = from; at < bytes.length; ) {
    const { entries, end } = countedByBoth(form, bytes, at);
    passed += entries;
    at = end < bytes.length ? bytes.indexOf(10, end) + 1 : end;
  }
  return passed;
}

test("the twins are two", () => expect([simd.kind, scalar.kind]).toEqual(["simd", "scalar"]));

for (const form of ["journal-export", "journal-json"] as const) {
  test(`${form}: both twins count the same entries and stop at the same one`, () => {
    let passed = 0;
    fc.assert(
      fc.property(
        randomEntries,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 }),
        fc.nat({ max: 40 }),
        (entries, flips, offset) => {
          const bytes = form === "journal-json" ? asJson(entries) : asExport(entries);
          for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
          const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
          passed += countedInAll(form, Buffer.concat([Buffer.alloc(offset), whole]), offset);
        },
      ),
      { numRuns: 200 },
    );
    expect(passed).toBeGreaterThan(100);
  });
}

test("JSON: both twins read the same where spaces, or what should not be there, stand between names and values", () => {
  const right = (mark: string) => fc.constantFrom(mark, ` ${mark}`, `${mark} `, `  ${mark}   `);
  const wrong = fc.constantFrom("", ",", ":", "::", ",,", "}", '"', "\t,", "\n", "\\", " ", ",}", "\u00e4");
  const between = (mark: string) => fc.oneof({ weight: 60, arbitrary: right(mark) }, { weight: 1, arbitrary: wrong });
  const gap = fc.tuple(between(":"), between(","), fc.constantFrom("", "", "", " ", "  "));
  const value = fc.constantFrom("", "x", '\\"', "a\\\\", "a".repeat(15), "b".repeat(16), "c".repeat(33));
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(gap, { minLength: 14, maxLength: 14 }), value, fc.nat({ max: 10 })), {
        minLength: 1,
        maxLength: 8,
      }),
      (made) => {
        const lines = made.map(([gaps, extra, at]) => {
          const fields = Object.entries(USUAL).map(([name, text]) => [JSON.stringify(name), JSON.stringify(text)]);
          fields.splice(at, 0, ['"PRIORITY_X"', `"${extra}"`]);
          const parts = fields.map(([name, text], index) => {
            const [colon = ":", comma = ",", before = ""] = gaps[index] ?? [];
            return `${before}${name}${colon}${text}${index === fields.length - 1 ? before : comma}`;
          });
          return `{${parts.join("")}}\n`;
        });
        passed += countedByBoth("journal-json", Buffer.from(lines.join(""))).entries;
      },
    ),
    { numRuns: 1000 },
  );
  expect(passed).toBeGreaterThan(300);
});

test("JSON: what both twins pass is JSON of valid UTF-8, whatever bytes that mean something stand where", () => {
  const marks = [
    '"',
    ":",
    ",",
    "{",
    "}",
    "[",
    "]",
    "\\",
    "0",
    "7",
    " ",
    "\n",
    "\t",
    "ä",
    "\u{1f600}",
    "null",
    "\\u00",
    "\\u0041",
  ];
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...marks).map((mark) => Buffer.from(mark)) },
    { weight: 1, arbitrary: fc.nat({ max: 255 }).map((byte) => Buffer.of(byte)) },
  );
  const value = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.string({ unit: fc.constantFrom(...marks, "a"), maxLength: 8 }).map((one) => JSON.stringify(one)),
    },
    fc.constantFrom("null", "0", "12", "[27,91,0]", '["a", "b"]', "[[1,2],[3]]", "[[[1]]]", "[]", "01", "1.5", "true"),
    fc.constantFrom('"\\u001b"', '"\\u00e4"', '"\\ud800"', '"\\/"', '"\\x"', '"\\u12"'),
  );
  const names = [...Object.keys(USUAL), "PRIORITY", "_CMDLINE", "Ä", "A\\b"];
  const edit = fc.tuple(fc.nat(), fc.nat({ max: 2 }), piece);
  const line = fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 2 }),
      fc.nat({ max: 11 }),
      fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(edit, { minLength: 1, maxLength: 2 })),
      fc.nat({ max: 70 }),
    )
    .map(([extras, at, edits, length]) => {
      const fields = Object.entries({ ...USUAL, _CMDLINE: "x".repeat(length) }).map(
        ([name, text]): [string, string] => [name, JSON.stringify(text)],
      );
      fields.splice(at, 0, ...extras.slice(0, 1));
      // In the place of one that was there.
      for (const [name, said] of extras.slice(1)) {
        const own = fields.find(([one]) => one === name);
        if (own !== undefined) own[1] = said;
      }
      let bytes = Buffer.from(`{${fields.map(([name, said]) => `${JSON.stringify(name)}:${said}`).join(",")}}\n`);
      for (const [place, gone, put] of edits) {
        const from = place % bytes.length;
        bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + gone)]);
      }
      return bytes;
    });
  let passed = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const all = Buffer.concat(lines);
      const bytes = all.subarray(0, all.lastIndexOf(10) + 1);
      for (let at = 0; at < bytes.length; ) {
        const { entries, end } = countedByBoth("journal-json", bytes, at);
        passed += entries;
        const counted = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, end)).split("\n");
        expect(counted.pop()).toBe("");
        for (const one of counted) expect(JSON.parse(one)).toMatchObject({ _HOSTNAME: "pve1" });
        at = end < bytes.length ? bytes.indexOf(10, end) + 1 : end;
      }
    }),
    { numRuns: 5000 },
  );
  expect(passed).toBeGreaterThan(4000);
});

test("JSON: quotes, colons and commas in any order between two fields are an object, or no entry", () => {
  const usual = Object.entries(USUAL).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const soup = fc.array(fc.constantFrom('"', ":", ",", "a", '":"', '","', '"}', '\\\\"', "\\\\"), { maxLength: 9 });
  let passed = 0;
  fc.assert(
    fc.property(soup, fc.nat({ max: 11 }), fc.nat({ max: 64 }), (marks, at, length) => {
      const fields = [...usual, `"_CMDLINE":"${"x".repeat(length)}"`];
      const body = [...fields.slice(0, at), ...(marks.length === 0 ? [] : [marks.join("")]), ...fields.slice(at)];
      const bytes = Buffer.from(`{${body.join(",")}}\n`);
      const { entries } = countedByBoth("journal-json", bytes);
      passed += entries;
      // What JSON.parse refuses is damage, and must be read.
      if (entries > 0) expect(JSON.parse(bytes.toString())).toMatchObject({ _HOSTNAME: "pve1" });
    }),
    {
      numRuns: 20_000,
      // A value that is a mark, and what would follow if it were one.
      examples: [":", ","].flatMap((mark) => [
        [['"a":"', mark, '"x":"v"'], 0, 0],
        [['"a":"', mark, '"'], 5, 3],
        [['"a"', mark, '"b"', mark, '"c"', mark, '"d"'], 2, 9],
        [['"a"', mark, "a"], 11, 0],
      ]) as [string[], number, number][],
    },
  );
  expect(passed).toBeGreaterThan(500);
});

test.each([
  ["Grüße aus Köln – 日本", true],
  ["cut \u{1f600}".repeat(20), true],
])("a message that is UTF-8 is passed over: %s", (message) => {
  for (const form of ["journal-json", "journal-export"] as const) {
    const entries = [{ fields: Object.entries({ ...USUAL, MESSAGE: message }), oddity: "none" as const }];
    const bytes = form === "journal-json" ? asJson(entries) : asExport(entries);
    expect(countedByBoth(form, bytes).entries).toBe(1);
    const at = bytes.indexOf(Buffer.from(message)) + Buffer.byteLength(message) - 1;
    // The last byte of a character of several.
    bytes[at] = 0x20;
    expect(countedByBoth(form, bytes).entries).toBe(0);
  }
});

test("entries of any of the origins are counted, in any order, and of no mixture of two", () => {
  const digit = fc.constantFrom("0", "1");
  // Few digits differ, so that origins share hashes and parts.
  const id = fc.tuple(digit, digit).map(([first, last]) => `${first}${"a".repeat(30)}${last}`);
  const origin = fc.record({
    bootId: id,
    machineId: fc.option(id, { freq: 3 }),
    host: fc.constantFrom("a", "b", "a.example.org", "h".repeat(63), "h".repeat(64), `${"h".repeat(63)}i`),
  });
  let counted = 0;
  fc.assert(
    fc.property(
      fc.array(origin, { minLength: 1, maxLength: MOST_ORIGINS, size: "max" }),
      fc.array(origin, { minLength: 1, maxLength: 12, size: "max" }),
      fc.constantFrom("journal-json" as const, "journal-export" as const),
      (origins, strangers, form) => {
        // The last is a stranger, as a rule.
        const said = [...strangers.map((_, index) => origins[(7 * index) % origins.length]!), ...strangers.slice(0, 1)];
        const entries = said.map(({ bootId, machineId, host }) => {
          const { _MACHINE_ID, ...rest } = USUAL;
          const machine = machineId === null ? {} : { _MACHINE_ID: machineId };
          const fields = Object.entries({ ...rest, _BOOT_ID: bootId, _HOSTNAME: host, ...machine });
          return { fields, oddity: "none" as const };
        });
        const bytes = form === "journal-json" ? asJson(entries) : asExport(entries);
        for (const scanner of [simd, scalar]) {
          scanner.buffer.set(bytes);
          const found = scanner.countEntries({ ...pattern(form), origins }, 0, bytes.length);
          const isKnown = (one: (typeof said)[number]) =>
            origins.some((other) => JSON.stringify(other) === JSON.stringify(one));
          const stranger = said.findIndex((one) => !isKnown(one));
          expect(found.entries).toBe(stranger === -1 ? said.length : stranger);
          counted += found.entries;
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(counted).toBeGreaterThan(300);
});

test("UTF-8 is what the decoder takes for it", () => {
  const edges = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef];
  const byte = fc.constantFrom(0x61, ...edges, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff);
  let valid = 0;
  fc.assert(
    fc.property(fc.array(byte, { minLength: 1, maxLength: 5 }), fc.nat({ max: 18 }), (bytes, before) => {
      const message = Buffer.concat([Buffer.alloc(before, 120), Buffer.from(bytes)]);
      const fields = { ...USUAL, MESSAGE: "#" };
      const [head = "", tail = ""] = asJson([{ fields: Object.entries(fields), oddity: "none" }])
        .toString()
        .split("#");
      const { entries } = countedByBoth("journal-json", Buffer.concat([Buffer.from(head), message, Buffer.from(tail)]));
      expect(entries).toBe(isUtf8(message) ? 1 : 0);
      valid += entries;
    }),
    { numRuns: 5000 },
  );
  expect(valid).toBeGreaterThan(100);
});

test("export format: a binary message is searched, and any other field that counts and is binary is read", () => {
  const binary = (name: string, value: string) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
    return Buffer.concat([Buffer.from(`${name}\n`), length, Buffer.from(`${value}\n`)]);
  };
  const { MESSAGE, SYSLOG_IDENTIFIER, ...rest } = USUAL;
  const lines = Buffer.from(
    Object.entries(rest)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const sender = Buffer.from(`SYSLOG_IDENTIFIER=${SYSLOG_IDENTIFIER}\n`);
  const count = (...parts: Buffer[]) =>
    countedByBoth("journal-export", Buffer.concat([lines, ...parts, Buffer.from("\n")]));
  expect(count(binary("MESSAGE", "two\nlines\n"), sender)).toMatchObject({ entries: 1, lines: 15 });
  expect(count(binary("MESSAGE", "two\n  TDH"), sender).entries).toBe(0);
  expect(count(Buffer.from(`MESSAGE=${MESSAGE}\n`), binary("SYSLOG_IDENTIFIER", "CRON")).entries).toBe(0);
});

/** What one entry has otherwise than the one before it; fields stand where their index says. */
type Edit = readonly [
  what: "set" | "drop" | "insert" | "repeat" | "instead" | "swap" | "space" | "null",
  at: number,
  name: string,
  value: string,
];

test("entries that differ a little from the one before are counted as any other", () => {
  const values = [
    ...Object.values(USUAL),
    "",
    "1",
    "5",
    "syslog",
    "3",
    "CRON",
    "pve10",
    "usb 1-5: USB disconnected",
    'usb 1-5: "USB" disconnect',
    "usb 1-5: USB \\ disconnect",
    "usb 1-5: USB Hang",
    String(HOUR_FROM_US + 6),
    "8997",
    "9001",
  ];
  const extras = ["_PID", "_COMM", "_CMDLINE", "_SOURCE_BOOTTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "PRIORITY"];
  const edit: fc.Arbitrary<Edit> = fc.tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant("set" as const) },
      fc.constantFrom<Edit[0]>("drop", "insert", "repeat", "instead", "swap", "space", "null"),
    ),
    fc.nat({ max: 20 }),
    fc.constantFrom(...extras),
    fc.constantFrom(...values),
  );
  const edited = (before: readonly string[], [what, index, name, value]: Edit): string[] => {
    const fields = [...before];
    const at = index % fields.length;
    const field = fields[at] ?? "";
    const named = field.slice(0, field.indexOf(":"));
    if (what === "set") fields[at] = `${named}:${JSON.stringify(value)}`;
    else if (what === "null") fields[at] = `${named}:null`;
    else if (what === "drop") fields.splice(at, 1);
    else if (what === "insert") fields.splice(at, 0, `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    else if (what === "repeat") fields.splice((at * 7) % fields.length, 0, field);
    else if (what === "instead") fields[(at * 7) % fields.length] = field;
    else if (what === "swap") [fields[at], fields[0]] = [fields[0] ?? "", field];
    else fields[at] = ` ${field}`;
    return fields.length < 2 ? [...before] : fields;
  };
  const usual = Object.entries(USUAL).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(fc.array(edit, { maxLength: 2 }), { minLength: 1, maxLength: 12 }),
      // More fields than the kernel keeps the places of.
      fc.constantFrom(0, 0, 0, 5, 52, 53, 54, 55, 80),
      (steps, more) => {
        let fields = [...usual, ...Array.from({ length: more }, (_, index) => `"F${index}":"${index}"`)];
        const lines = steps.map((edits) => {
          const before = fields;
          fields = edits.reduce(edited, fields);
          const line = `{${fields.join(",")}}\n`;
          // Some edits are of one entry, others stay.
          if (edits.length > 1) fields = before;
          return line;
        });
        passed += countedInAll("journal-json", Buffer.from(lines.join("")));
      },
    ),
    { numRuns: 2000 },
  );
  expect(passed).toBeGreaterThan(2000);
});

test("what a field said is forgotten with its entry, and entries of thousands of fields are counted, too", () => {
  const { SYSLOG_FACILITY, ...rest } = { ...USUAL, SYSLOG_IDENTIFIER: "systemd" };
  const many = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`F${index}`, String(index)]));
  const made = [{ ...rest, SYSLOG_FACILITY: "3" }, rest, { ...rest, ...many }, { ...rest, ...many }, rest];
  const bytes = asJson(made.map((fields) => ({ fields: Object.entries(fields), oddity: "none" })));
  for (const scanner of [simd, scalar]) {
    scanner.buffer.set(bytes);
    const counted = { entries: 5, lines: 5, kernelEntries: 4, end: bytes.length };
    expect(scanner.countEntries(pattern("journal-json"), 0, bytes.length)).toMatchObject(counted);
    expect(scanner.buffer.subarray(0, bytes.length)).toEqual(new Uint8Array(bytes));
  }
});

test("names that are alike, in any order, are never taken for one another", () => {
  // Alike at the begin, at the end or in length, next to those that count.
  const odd = [
    "_P",
    "_PID",
    "_PIDS",
    "M",
    "MESSAG",
    "MESSAGE_ID",
    "XMESSAGE",
    "A".repeat(30),
    "A".repeat(31),
    "B".repeat(30),
  ];
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.shuffledSubarray(Object.keys(USUAL), { minLength: 9 }),
          fc.array(fc.tuple(fc.constantFrom(...odd), fc.constantFrom("", "1", "e1000e")), { maxLength: 3 }),
          fc.nat({ max: 9 }),
        ),
        { minLength: 1, maxLength: 12 },
      ),
      fc.boolean(),
      (made, isJson) => {
        const entries = made.map(([names, extras, at]) => {
          const fields = names.map((name): [string, string] => [name, USUAL[name as keyof typeof USUAL]]);
          fields.splice(at, 0, ...extras);
          return { fields, oddity: "none" as const };
        });
        const [form, bytes] = isJson
          ? (["journal-json", asJson(entries)] as const)
          : (["journal-export", asExport(entries)] as const);
        passed += countedByBoth(form, bytes).entries;
      },
    ),
    { numRuns: 500 },
  );
  expect(passed).toBeGreaterThan(300);
});

test.each(["simd", "scalar"] as const)("%s: an entry of the kernel is timed by when it was printed", (kind) => {
  const scanner = createScanner(NEEDLES, kind === "scalar" ? { kind } : {});
  const bytes = Buffer.concat([entry({}), entry({ _TRANSPORT: "syslog", SYSLOG_IDENTIFIER: "CRON" })]);
  scanner.buffer.set(bytes);
  expect(scanner.countEntries(pattern("journal-export"), 0, bytes.length)).toEqual({
    entries: 2,
    lines: 22,
    kernelEntries: 1,
    end: bytes.length,
    goesOn: false,
    firstKernelUs: HOUR_FROM_US + 3,
    lastKernelUs: HOUR_FROM_US + 3,
  });
});

test.each([
  ["the next hour", HOUR_US],
  ["the hour before", -HOUR_US],
])("%s is another call's, where the kernel wrote in it", (_, hourUs) => {
  const later = { __REALTIME_TIMESTAMP: String(HOUR_FROM_US + 5 + hourUs) };
  const first = entry({});
  const process = entry({ ...later, _TRANSPORT: "journal", SYSLOG_IDENTIFIER: "CRON" });
  const second = entry(later);
  const bytes = Buffer.concat([first, process, second, second]);
  const at = first.length + process.length;
  for (const scanner of [simd, scalar]) {
    scanner.buffer.set(bytes);
    const found = scanner.countEntries(pattern("journal-export"), 0, bytes.length);
    expect(found).toMatchObject({ entries: 2, kernelEntries: 1, end: at, goesOn: true });
    const next = scanner.countEntries(pattern("journal-export"), at, bytes.length);
    const us = HOUR_FROM_US + 3 + hourUs;
    expect(next).toMatchObject({
      entries: 2,
      end: bytes.length,
      goesOn: false,
      firstKernelUs: us,
      lastKernelUs: us,
    });
  }
});

test.each([
  ["a needle in the message", { MESSAGE: "e1000e 0000:00:1f.6" }],
  ["another boot", { _BOOT_ID: "ff6ee3d8a2a54d1c9d4f0b6f3f6a1b2c" }],
  ["another machine of that name", { _MACHINE_ID: "d0ffee00c0ffee00c0ffee00c0ffee00" }],
  ["another host", { _HOSTNAME: "pve10" }],
  ["a clock that was not set", { __REALTIME_TIMESTAMP: "9000" }],
  ["a stamp that is no number", { __MONOTONIC_TIMESTAMP: "x" }],
  ["a process that calls itself the kernel", { _TRANSPORT: "syslog" }],
])("%s is not passed over", (_, fields) => {
  for (const scanner of [simd, scalar]) {
    const bytes = entry(fields);
    scanner.buffer.set(bytes);
    expect(scanner.countEntries(pattern("journal-export"), 0, bytes.length)).toMatchObject({ entries: 0, end: 0 });
  }
});
