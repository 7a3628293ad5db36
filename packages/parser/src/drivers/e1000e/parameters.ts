import type { AdapterRef, Finding, ParameterEvent } from "../../model/event.js";

/** Printed names of param.c, and the parameter behind each. */
const NAMES: Readonly<Record<string, string>> = {
  "Transmit Interrupt Delay": "TxIntDelay",
  "Transmit Absolute Interrupt Delay": "TxAbsIntDelay",
  "Receive Interrupt Delay": "RxIntDelay",
  "Receive Absolute Interrupt Delay": "RxAbsIntDelay",
  "Interrupt Throttling Rate (ints/sec)": "InterruptThrottleRate",
  "Interrupt Mode": "IntMode",
  "PHY Smart Power Down": "SmartPowerDownEnable",
  "CRC Stripping": "CrcStripping",
  "Kumeran Lock Loss Workaround": "KumeranLockLoss",
  "Write-protect NVM": "WriteProtectNVM",
};
const PRINTED = Object.keys(NAMES)
  .map((name) => name.replace(/[()/]/g, "\\$&"))
  .join("|");
const ACCEPTED = new RegExp(
  `^(${PRINTED}) (set to (?:default )?(-?\\d+)|Enabled|Disabled|turned off|set to dynamic mode|set to dynamic conservative mode|set to simplified \\(2000-8000 ints\\) mode|Invalid mode - setting default)$`,
);
const REJECTED = new RegExp(`^Invalid (${PRINTED}) value specified \\((-?\\d+)\\) `);

type Mode = ParameterEvent["mode"];
const MODES: Readonly<Record<string, Mode>> = {
  Enabled: "on",
  Disabled: "off",
  "turned off": "off",
  "set to dynamic mode": "dynamic",
  "set to dynamic conservative mode": "dynamic-conservative",
  "set to simplified (2000-8000 ints) mode": "simplified",
};

/** Reads what the driver says of a module parameter (param.c, e1000_validate_option() and e1000e_check_options()). */
export function readParameter(adapter: AdapterRef, text: string): Finding<ParameterEvent> | null {
  const rejected = REJECTED.exec(text);
  if (rejected !== null) {
    const name = NAMES[rejected[1] ?? ""] ?? "";
    return { kind: "e1000e.parameter", adapter, name, value: Number(rejected[2]), mode: null, accepted: false };
  }
  const match = ACCEPTED.exec(text);
  if (match === null) return null;
  const [, printed = "", what = "", number] = match;
  const name = NAMES[printed] ?? "";
  const value = number === undefined ? null : Number(number);
  const mode: Mode = value !== null && name === "InterruptThrottleRate" ? "fixed" : (MODES[what] ?? null);
  return { kind: "e1000e.parameter", adapter, name, value, mode, accepted: !what.startsWith("Invalid") };
}
