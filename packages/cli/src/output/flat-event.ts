import type { KernelEvent } from "@hangproof/parser";
import { visible } from "../layout/escape.js";

type Flat = string | number | boolean;

/** Fields of which one kind has a number and another a text: an index keeps one type for a name, so they are texts. */
const TEXTS: ReadonlySet<string> = new Set(["value"]);

/**
 * What the event's kind carries, one level deep and under names as `phy_status`: `adapter` becomes `pci` and `interface`,
 * `registers` a field each, a list a text. What is not known is left out. A name has one type in all kinds. Texts are
 * `visible`: a lone surrogate or a control character of a log would end an import, or deceive whoever reads the field.
 */
export function flatFields(event: KernelEvent): Record<string, Flat> {
  const { kind: _kind, time: _time, host: _host, bootId: _boot, trust: _trust, provenance: _place, ...own } = event;
  const flat: Record<string, Flat> = {};
  for (const [name, value] of Object.entries(own)) {
    if (name === "adapter") addAll(flat, "", value);
    else if (name === "registers") addAll(flat, "register_", value);
    else add(flat, name, value);
  }
  return flat;
}

/** One line that says what the event is, for forms that must have one: the kind, then its fields, registers left out. */
export function eventMessage(event: KernelEvent): string {
  const { text, ...fields } = flatFields(event);
  const said = Object.entries(fields)
    .filter(([name]) => !name.startsWith("register_"))
    .map(([name, value]) => `${name}=${quoted(String(value))}`);
  return [event.kind, ...said, ...(text === undefined ? [] : [text])].join(" ");
}

/** Told apart from what is around it; `visible` has doubled every backslash, so the escaped quote is the only one. */
function quoted(value: string): string {
  return /[\s="]/.test(value) ? `"${value.replaceAll('"', '\\"')}"` : value;
}

/** A moment for indexes that date by it. */
export interface IndexTime {
  /** ISO 8601, UTC, always six digits after the second: readers of tables take the layout of the first for all. */
  readonly iso: string;
  /** Unix microseconds. */
  readonly microseconds: number;
}

/**
 * Whole years whose microseconds a number of JSON keeps exactly (up to 2^53), well within those of nanoseconds in 64 bits, which
 * is how pandas and OpenSearch's `date_nanos` keep a time. The first is in, the last is not.
 */
const FIRST_MS = Date.UTC(1685, 0, 1);
const END_MS = Date.UTC(2255, 0, 1);

/** Null without a wall time, or with one that no index takes. */
export function indexTime(event: KernelEvent): IndexTime | null {
  const { unixMs } = event.time;
  if (unixMs === null || !(unixMs >= FIRST_MS && unixMs < END_MS)) return null;
  const microseconds = Math.round(unixMs * 1000);
  const wholeMs = Math.floor(microseconds / 1000);
  const rest = String(microseconds - wholeMs * 1000).padStart(3, "0");
  return { iso: `${new Date(wholeMs).toISOString().slice(0, -1)}${rest}+00:00`, microseconds };
}

function addAll(flat: Record<string, Flat>, prefix: string, values: object): void {
  for (const [name, value] of Object.entries(values)) add(flat, `${prefix}${name}`, value);
}

function add(flat: Record<string, Flat>, name: string, value: unknown): void {
  const column = snakeCase(name);
  if (Array.isArray(value)) {
    if (value.length > 0) flat[column] = visible(value.join(", "));
  } else if (typeof value === "string") flat[column] = visible(value);
  else if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)))
    flat[column] = TEXTS.has(name) ? String(value) : value;
}

function snakeCase(name: string): string {
  return name
    .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
}
