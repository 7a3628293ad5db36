import type { HangField } from "../../../model/event.js";
import {
  type BitMeaning,
  DESCRIPTOR_STATUS,
  MAC_STATUS,
  PCI_STATUS,
  PHY_1000T_STATUS,
  PHY_EXTENDED_STATUS,
  PHY_STATUS,
} from "./bit-tables.js";

/** One statement of a status word. */
export interface DecodedBit {
  /** Name as in the kernel's headers. */
  readonly name: string;
  readonly meaning: string;
  readonly alarming: boolean;
}

interface Word {
  readonly bits: readonly BitMeaning[];
  /** All ones: nothing answered on the bus, or on the management interface. */
  readonly allOnes: number;
  readonly silent: string;
  /** All zeros is no answer either. */
  readonly zeroIsSilent?: true;
}

const NO_DEVICE = "all ones: the device does not answer on the PCI bus";
const NO_PHY = "the PHY did not answer";

const WORDS: Readonly<Partial<Record<HangField, Word>>> = {
  "next_to_watch.status": { bits: DESCRIPTOR_STATUS, allOnes: Number.NaN, silent: "" },
  "MAC Status": { bits: MAC_STATUS, allOnes: 0xffffffff, silent: NO_DEVICE },
  "PHY Status": { bits: PHY_STATUS, allOnes: 0xffff, silent: NO_PHY, zeroIsSilent: true },
  "PHY 1000BASE-T Status": { bits: PHY_1000T_STATUS, allOnes: 0xffff, silent: NO_PHY },
  "PHY Extended Status": { bits: PHY_EXTENDED_STATUS, allOnes: 0xffff, silent: NO_PHY },
  "PCI Status": { bits: PCI_STATUS, allOnes: 0xffff, silent: NO_DEVICE },
};

const GIGABIT_IDLE = "reads 0: no gigabit link, as at 10 or 100 Mb/s or without a partner";
const IDLE_ERRORS = 0xff;

/** Whether a value is what a field reads when nothing answers. */
function isSilent(field: HangField, value: number): boolean {
  const word = WORDS[field];
  return word !== undefined && (value === word.allOnes || (word.zeroIsSilent === true && value === 0));
}

/**
 * A status word by its bits, in the order of the tables; bits that no table names come last, under their number. Empty
 * for fields that are no status words.
 * @param value 0 or more; 32 bits at most are looked at
 */
export function decodeStatus(field: HangField, value: number): readonly DecodedBit[] {
  const word = WORDS[field];
  if (word === undefined) return [];
  if (isSilent(field, value)) return [{ name: hex(value), meaning: word.silent, alarming: true }];
  if (field === "PHY 1000BASE-T Status" && value === 0) {
    return [{ name: "0", meaning: GIGABIT_IDLE, alarming: false }];
  }
  const found: DecodedBit[] = [];
  let rest = value >>> 0;
  for (const { mask, value: wanted = mask, name, meaning, alarming = false } of word.bits) {
    if ((value & mask) >>> 0 !== wanted >>> 0) continue;
    found.push({ name, meaning, alarming });
    rest = (rest & ~mask) >>> 0;
  }
  if (field === "PHY 1000BASE-T Status" && (rest & IDLE_ERRORS) !== 0) {
    const errors = rest & IDLE_ERRORS;
    const atLeast = errors === IDLE_ERRORS ? "at least " : "";
    found.push({ name: "idle errors", meaning: `${atLeast}${errors} since the last look`, alarming: true });
    rest = (rest & ~IDLE_ERRORS) >>> 0;
  }
  if (rest !== 0) found.push({ name: hex(rest), meaning: "bits without a name in the driver", alarming: false });
  return found;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
