import { ParserError } from "../model/diagnostic.js";
import type { DriverProfile, DumpLine, LineForm, Pack, Recogniser, WindowSource } from "../model/pack.js";
import { type DumpReader, dumpReader } from "./dump-lines.js";

/** A driver's profile with its pack, ready to read. */
export interface ReadyDriver extends DriverProfile {
  readonly pack: string;
  /** Null where the stack's watchdog says it. */
  readonly dump: DumpReader | null;
}

/** Packs that were checked, by what they read. */
export interface ReadyPacks {
  readonly drivers: ReadonlyMap<string, ReadyDriver>;
  readonly recognisers: readonly (Recogniser & { readonly pack: string })[];
  readonly windows: readonly (WindowSource & { readonly pack: string })[];
  readonly forms: readonly (LineForm & { readonly pack: string })[];
  /** Every record that a pack reads holds one of these. */
  readonly needles: readonly string[];
  /** Tags of processes that a pack reads. */
  readonly tags: readonly string[];
}

/** All packs together; beyond it a scanner would not take them. */
const MOST_NEEDLES = 128;
const MOST_NEEDLE_BYTES = 8_000;

const ready = new WeakMap<readonly Pack[], ReadyPacks>();

/**
 * Checks packs and makes them ready, once for each array.
 * @returns null without packs
 * @throws ParserError BAD_OPTION that names the pack and what is wrong with it
 */
export function readyPacks(packs: readonly Pack[]): ReadyPacks | null {
  if (packs.length === 0) return null;
  let known = ready.get(packs);
  if (known === undefined) {
    known = compile(packs);
    ready.set(packs, known);
  }
  return known;
}

function compile(packs: readonly Pack[]): ReadyPacks {
  const names = new Set<string>();
  const drivers = new Map<string, ReadyDriver>();
  for (const pack of packs) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(pack.name)) refuse(pack, "is no name of a pack");
    if (names.has(pack.name)) refuse(pack, "is there twice");
    names.add(pack.name);
    for (const profile of pack.drivers ?? []) {
      const { driver, hang, signs } = profile;
      if (!/^[a-z][\w-]{1,31}$/.test(driver) || /^e1000e(?:[-_]|$)/.test(driver))
        refuse(pack, `cannot describe the driver ${JSON.stringify(driver)}`);
      if (drivers.has(driver)) refuse(pack, `describes ${driver}, which is described already`);
      if (hang !== "tx-timeout" && (hang.head.trim() !== hang.head || hang.head === ""))
        refuse(pack, `has no head for hangs of ${driver}`);
      for (const { pattern } of signs) checkPattern(pack, pattern);
      drivers.set(driver, { ...profile, pack: pack.name, dump: checkedDump(pack, profile) });
    }
    for (const { resolutionMs } of pack.forms ?? [])
      if (!(resolutionMs > 0 && resolutionMs <= 86_400_000)) refuse(pack, "has a form whose stamps have no resolution");
    for (const { by, needles } of pack.recognisers ?? []) checkReader(pack, by, needles);
    for (const { by, needles, start, ok, failed } of pack.windows ?? []) {
      checkReader(pack, by, needles);
      for (const pattern of [start, ok, ...(failed === undefined ? [] : [failed])]) checkPattern(pack, pattern);
    }
  }
  const recognisers = packs.flatMap((pack) => (pack.recognisers ?? []).map((one) => ({ ...one, pack: pack.name })));
  const windows = packs.flatMap((pack) => (pack.windows ?? []).map((one) => ({ ...one, pack: pack.name })));
  const forms = packs.flatMap((pack) => (pack.forms ?? []).map((one) => ({ ...one, pack: pack.name })));
  const needles = new Set([...recognisers, ...windows].flatMap((one) => one.needles));
  for (const { driver, hang } of drivers.values()) {
    // The two ways in which the kernel puts a driver's name before its lines.
    for (const needle of [`${driver} `, `${driver}:`, ...linesOf(hang).map(({ label }) => label)]) needles.add(needle);
  }
  const bytes = [...needles].reduce((sum, needle) => sum + needle.length, 0);
  if (needles.size > MOST_NEEDLES || bytes > MOST_NEEDLE_BYTES)
    throw new ParserError("BAD_OPTION", `packs: more than ${MOST_NEEDLES} needles, or ${MOST_NEEDLE_BYTES} bytes`);
  const tags = new Set([...recognisers, ...windows].flatMap(({ by }) => (by === "kernel" ? [] : by)));
  return { drivers, recognisers, windows, forms, needles: [...needles], tags: [...tags] };
}

function refuse(pack: Pack, what: string): never {
  throw new ParserError("BAD_OPTION", `pack ${JSON.stringify(pack.name)} ${what}`);
}

function checkReader(pack: Pack, by: "kernel" | readonly string[], needles: readonly string[]): void {
  if (by !== "kernel" && (by.length === 0 || by.includes("") || by.includes("kernel")))
    refuse(pack, "must name the tags of processes, or the kernel");
  if (needles.length === 0) refuse(pack, "has a reader without needles");
  for (const needle of needles)
    if (!/^[ -~]{3,200}$/.test(needle))
      refuse(pack, `has a needle that is not 3 to 200 printable ASCII characters: ${JSON.stringify(needle)}`);
}

/** Patterns with these flags remember where they matched last. */
function checkPattern(pack: Pack, pattern: RegExp): void {
  if (pattern.global || pattern.sticky) refuse(pack, `has a pattern with the flag g or y: ${pattern}`);
}

const linesOf = (hang: DriverProfile["hang"]): readonly DumpLine[] => (hang === "tx-timeout" ? [] : hang.lines);

function checkedDump(pack: Pack, { driver, hang }: DriverProfile): DumpReader | null {
  if (hang === "tx-timeout") return null;
  const fields = new Set<string>();
  for (const { label, fields: names = [label] } of hang.lines) {
    if (!/^[!-~](?:[ -~]{1,58})[!-~]$/.test(label))
      refuse(
        pack,
        `has a line in the dump of ${driver} whose label is not 3 to 60 characters: ${JSON.stringify(label)}`,
      );
    for (const name of names) {
      if (fields.has(name) || name === "")
        refuse(pack, `has two values of ${driver} under the name ${JSON.stringify(name)}`);
      fields.add(name);
    }
  }
  return dumpReader(hang.lines);
}
