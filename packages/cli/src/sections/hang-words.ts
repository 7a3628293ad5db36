/** Sentences on the numbers of a hang report. */
import {
  DEFAULT_RING_SIZE,
  type DecodedField,
  type HangEvent,
  type HangField,
  type PacketAge,
  type RingOccupancy,
  TICK_RATES,
  type TickRate,
  tickRate,
} from "@hangproof/parser";
import { count } from "../layout/format.js";

/** `TDH <13> = 19: transmit descriptor head …`. */
export function fieldText({ name, hex, value, meaning, bits }: DecodedField): string {
  const number = `${name} <${hex}> = ${value}`;
  if (bits.length === 0) return `${number}: ${meaning}`;
  const said = bits.map((bit) => `${bit.name} ${bit.meaning}${bit.alarming ? " (!)" : ""}`);
  return `${number}: ${meaning}: ${said.join("; ")}`;
}

/** The fields that are not there; none when all are. */
export function missingText(missing: readonly HangField[]): readonly string[] {
  return missing.length === 0 ? [] : [`missing, cut off or lost: ${missing.join(", ")}`];
}

const STOPPED: Readonly<Record<NonNullable<RingOccupancy["stoppedAt"]>, string>> = {
  "last-descriptor": "the hardware stopped at the last descriptor of the stuck packet (TDH is next_to_watch)",
  "first-descriptor": "the hardware did not take the first descriptor of the stuck packet (TDH is next_to_clean)",
  elsewhere: "the hardware stopped neither at the first nor at the last descriptor of the stuck packet",
};

/** How full the ring is, as far as the dump tells. */
export function ringTexts(ring: RingOccupancy): string[] {
  const { size, assumed, used, waiting, dependsOnSize, stoppedAt, unannounced } = ring;
  const ofSize = size === null ? "" : ` of ${size}`;
  const size256 =
    size === null
      ? `an index is beyond ${assumed ? `the driver's default of ${DEFAULT_RING_SIZE}` : "the size that was given"}: say the ring's size with --ring (ethtool -g)`
      : assumed
        ? `ring size ${size} is assumed, the driver's default; ethtool -g tells it, --ring takes it`
        : `ring size ${size}, as given`;
  return [
    ...(used === null ? [] : [`${used}${ofSize} slots in use: next_to_use - next_to_clean`]),
    ...(waiting === null
      ? []
      : waiting === 0
        ? ["nothing waits in the hardware: TDH is TDT, everything was fetched and one packet not reported done"]
        : [`${count(waiting, "descriptor")} handed to the hardware and not fetched: TDT - TDH`]),
    ...(stoppedAt === null ? [] : [STOPPED[stoppedAt]]),
    ...(unannounced ? ["next_to_use is not TDT: filled and not yet announced to the hardware"] : []),
    ...(dependsOnSize || size === null || !assumed ? [size256] : [`${size256}; the counts do not depend on it`]),
  ];
}

/** How long the packet waited; without a known tick rate the range of them. */
export function ageText(age: PacketAge | null, rate: TickRate | null): string {
  if (age === null) return "age of the stuck packet: not known, jiffies or time_stamp is missing or cannot be right";
  const at = (hz: TickRate): string => seconds(age.secondsAt[hz]);
  const ticks = `age of the stuck packet: ${count(age.ticks, "tick")} (jiffies - time_stamp)`;
  if (rate !== null) return `${ticks} = ${at(rate)} at HZ ${rate}, as the stamps of the log show`;
  const range = TICK_RATES.map((hz) => `${at(hz)} at HZ ${hz}`).join(", ");
  return `${ticks}; the dump does not say how long a tick is: ${range}`;
}

/** The tick rate that the reports' own stamps show; null where they have none. */
export function tickRateOf(events: readonly HangEvent[]): TickRate | null {
  return tickRate(
    events.flatMap(({ registers: { jiffies }, time: { bootMs } }) =>
      jiffies === undefined || bootMs === null ? [] : [{ jiffies, bootMs }],
    ),
  );
}

function seconds(value: number): string {
  if (value < 600) return `${Number(value.toPrecision(3))} s`;
  return value < 36_000 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3600)} h`;
}
