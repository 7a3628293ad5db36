import { createHash } from "node:crypto";

/** Enough for the scanner to come into play. */
const SCANNED_BYTES = 17_000;

/**
 * What is fed with an input; each must end, and throw nothing; how often it has its turn, by what it costs; and how long
 * most of its inputs are at most. The parser's functions are passed in.
 */
export function targetsOf({ EvidenceParser, FORM_ABILITIES, parseJournal, memoryAccess, unpack, gunzipped }) {
  const forms = Object.keys(FORM_ABILITIES).filter((form) => form !== "journal-file");
  const limits = {
    maxDepth: 6,
    maxMembers: 1000,
    maxUnpackedBytes: 2 ** 24,
    maxRatio: 10_000,
    freeBytes: 2 ** 22,
    maxJournalBytes: 2 ** 22,
  };
  const parse = (bytes, random, options) => {
    const parser = new EvidenceParser({ evidence: "fuzz", timeZone: "Europe/Berlin", firstYear: 2025, ...options });
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + 1 + random(20_000));
      parser.push(bytes.subarray(at, end));
      at = end;
    }
    parser.end();
    parser.summary();
  };
  const told = (bytes, options) => {
    const parser = new EvidenceParser({ evidence: "fuzz", timeZone: "Europe/Berlin", firstYear: 2025, ...options });
    return JSON.stringify([parser.push(bytes), parser.end(), parser.summary()]);
  };
  const bothWays = (bytes, random) => {
    const copies = Math.ceil(SCANNED_BYTES / (bytes.length + 1));
    const many = new Uint8Array(copies * (bytes.length + 1)).fill(10);
    for (let copy = 0; copy < copies; copy += 1) many.set(bytes, copy * (bytes.length + 1));
    const form = random(3) === 0 ? { form: ["journal-json", "journal-export", "bare"][random(3)] } : {};
    if (told(many, form) !== told(many, { ...form, everyLine: true })) throw new Error("the two ways differ");
  };
  const unpacked = async (bytes) => {
    const source = (async function* () {
      yield bytes;
    })();
    const options = {
      createHash: () => createHash("sha256"),
      gunzipped,
      limits,
      onFault: () => {},
      isFatal: () => false,
      reasonOf: String,
    };
    for await (const file of unpack({ label: "fuzz", modifiedMs: null, bytes: source }, options)) {
      if (file.kind === "archive") continue;
      for await (const _ of file.bytes);
      await file.stored();
    }
  };
  return {
    "text and structured forms, told by their content": {
      turns: 48,
      mostBytes: 256,
      run: (bytes, random) => parse(bytes, random, {}),
    },
    "one form forced on the input": {
      turns: 48,
      mostBytes: 256,
      run: (bytes, random) => parse(bytes, random, { form: forms[random(forms.length)] }),
    },
    "the fast way against the slow one": {
      turns: 1,
      mostBytes: 1024,
      run: (bytes, random) => bothWays(bytes, random),
    },
    "native journals": {
      turns: 102,
      // A part without the head is told in one look.
      mostBytes: 4096,
      run: (bytes) => {
        for (const _ of parseJournal(memoryAccess(bytes), { evidence: "fuzz" }));
      },
    },
    "compressed files and archives": { turns: 1, mostBytes: 1024, run: (bytes) => unpacked(bytes) },
  };
}
