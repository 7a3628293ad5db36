import type { DriverLine } from "../drivers/e1000e/prefix.js";
import { foldLines } from "../drivers/fold-lines.js";
import type { Finding, TxTimeoutEvent } from "../model/event.js";

const OLD = /NETDEV WATCHDOG: (\S{1,15}) \(([\w-]{0,32})\): transmit queue (\d{1,4}) timed out(?: (\d{1,9}) ms)?/;
const NEW = /^NETDEV WATCHDOG: (?:CPU: \d{1,5}: )?transmit queue (\d{1,4}) timed out(?: (\d{1,9}) ms)?/;
const BARE = /NETDEV WATCHDOG: (\S{1,15}): transmit timed out/;

/** The stack's transmit watchdog (net/sched/sch_generic.c, dev_watchdog()), in its forms from 2.6 to now. */
export function readTxTimeout(message: string, line: DriverLine | null): Finding<TxTimeoutEvent> | null {
  if (!message.includes("NETDEV WATCHDOG")) return null;
  const folded = foldLines(message);
  const old = OLD.exec(folded);
  if (old !== null) {
    return {
      kind: "net.tx_timeout",
      adapter: { pci: null, interface: old[1] ?? null },
      driver: old[2] === "" ? null : (old[2] ?? null),
      queue: Number(old[3]),
      stalledMs: old[4] === undefined ? null : Number(old[4]),
    };
  }
  const text = foldLines(line?.text ?? folded);
  const now = NEW.exec(text);
  if (now !== null) {
    return {
      kind: "net.tx_timeout",
      adapter: line?.adapter ?? { pci: null, interface: null },
      driver: line?.driver ?? null,
      queue: Number(now[1]),
      stalledMs: now[2] === undefined ? null : Number(now[2]),
    };
  }
  const bare = BARE.exec(folded);
  if (bare === null) return null;
  const adapter = { pci: null, interface: bare[1] ?? null };
  return { kind: "net.tx_timeout", adapter, driver: null, queue: null, stalledMs: null };
}
