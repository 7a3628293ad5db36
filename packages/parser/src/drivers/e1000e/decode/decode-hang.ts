import { HANG_FIELDS, type HangEvent, type HangField } from "../../../model/event.js";
import { FIELD_MEANINGS } from "./bit-tables.js";
import { type PacketAge, packetAge } from "./jiffies.js";
import { type RingOccupancy, ringOccupancy } from "./ring.js";
import { type DecodedBit, decodeStatus } from "./status-word.js";

/** One field of a dump with its number and what it means. */
export interface DecodedField {
  /** The driver's name. */
  readonly name: HangField;
  readonly value: number;
  /** As the driver prints it: hexadecimal without `0x`. */
  readonly hex: string;
  /** What the field is. */
  readonly meaning: string;
  /** What its bits say; empty for indices and ticks. */
  readonly bits: readonly DecodedBit[];
}

/** A dump in plain words. */
export interface DecodedHang {
  /** The fields that are there, in the driver's order. */
  readonly fields: readonly DecodedField[];
  /** Fields that this kernel's dump should have and that are not in the evidence. */
  readonly missing: readonly HangField[];
  readonly ring: RingOccupancy;
  readonly age: PacketAge | null;
}

/**
 * What the numbers of a hang report say, without any judgement.
 * @param ringSize descriptors of the transmit ring, 1 or more; null takes the driver's default of 256
 */
export function decodeHang(
  hang: Pick<HangEvent, "registers" | "missing">,
  ringSize: number | null = null,
): DecodedHang {
  const { registers, missing } = hang;
  const fields: DecodedField[] = [];
  for (const name of HANG_FIELDS) {
    const value = registers[name];
    if (value === undefined) continue;
    const bits = decodeStatus(name, value);
    fields.push({ name, value, hex: value.toString(16), meaning: FIELD_MEANINGS[name], bits });
  }
  return { fields, missing, ring: ringOccupancy(registers, ringSize), age: packetAge(registers) };
}
