import type { KernelEvent } from "@hangproof/parser";

/** What one event says of one setting. */
export interface StatedSetting {
  readonly name: string;
  readonly value: string;
  /**
   * `requested`: somebody asked for it. `ignored`: asked for where nothing reads it. `effective`: the driver said it does so.
   * `shown`: a tool showed it in force.
   */
  readonly how: "requested" | "ignored" | "effective" | "shown";
  /** Where it stands: `modprobe.d`, `cmdline`, `ethtool`, …; `driver` for what the driver said. */
  readonly source: string;
  /** The interface that it names; null: all that the evidence is about. */
  readonly interface: string | null;
  /** Why nothing reads it; empty unless it is ignored. */
  readonly reason: string;
}

/** The settings that an event tells of, in its order; none for most events. O(its text). */
export function statedSettings(event: KernelEvent): StatedSetting[] {
  switch (event.kind) {
    case "setting.file": {
      if (event.module !== null && !MODULES.has(event.module)) return [];
      const reason = event.ignored ?? (event.module === "e1000" ? OTHER_MODULE : null);
      const given = event.name === "command" ? [...commandSettings(event.value)] : [[event.name, event.value] as const];
      const how = reason === null ? "requested" : "ignored";
      return stated(given, { how, source: event.file, interface: event.interface, reason: reason ?? "" });
    }
    case "host.command_line":
      // Of an option that is given twice the kernel takes the last.
      return stated(new Map(bootOptions(event.commandLine)), { how: "requested", source: "cmdline" });
    case "setting.command":
      return stated(commandSettings(event.command), {
        how: "requested",
        source: event.program,
        interface: event.interface,
      });
    case "e1000e.parameter":
      return event.accepted
        ? stated([[event.name, modeOf(event.mode, event.value)]], { how: "effective", source: "driver" })
        : [];
    case "setting.snapshot":
      return OF_THE_DRIVER.has(event.name)
        ? []
        : stated([[event.name, event.value]], { how: "shown", source: event.tool, interface: event.interface });
    default:
      return [];
  }
}

function stated(
  given: Iterable<readonly [name: string, value: string]>,
  common: Pick<StatedSetting, "how" | "source"> & Partial<StatedSetting>,
): StatedSetting[] {
  return Array.from(given, ([name, value]) => ({ name, value, interface: null, reason: "", ...common }));
}

/** Modules whose options bear on the adapter; those of the first are the driver's. */
const MODULES: ReadonlySet<string> = new Set(["e1000e", "e1000"]);
const OTHER_MODULE = "e1000 is the driver of older cards; this adapter's is e1000e";
/** What `ethtool -i` shows is no setting. */
const OF_THE_DRIVER: ReadonlySet<string> = new Set(["driver", "version", "firmware-version", "bus-info"]);

function modeOf(mode: string | null, value: number | null): string {
  if (mode === "fixed") return value === null ? "fixed" : `fixed ${value}`;
  return mode ?? (value === null ? "set" : String(value));
}

/** Options of the kernel's command line that bear on the adapter. */
function* bootOptions(commandLine: string): Generator<readonly [string, string]> {
  for (const word of commandLine.split(/\s+/)) {
    const cut = word.indexOf("=");
    if (cut <= 0) continue;
    const name = word.slice(0, cut);
    const value = word.slice(cut + 1);
    if (name.startsWith("e1000e.")) yield [name.slice("e1000e.".length), value];
    else if (BOOT_OPTIONS.has(name)) yield [name, value];
  }
}

const BOOT_OPTIONS: ReadonlySet<string> = new Set([
  "pcie_aspm",
  "pcie_aspm.policy",
  "intel_idle.max_cstate",
  "processor.max_cstate",
  "intel_iommu",
  "iommu",
]);

/** Options of ethtool that set something, and the name under which the setting is kept. */
const ETHTOOL: ReadonlyMap<string, string> = new Map([
  ["-K", "offload"],
  ["--offload", "offload"],
  ["--features", "offload"],
  ["-C", "coalesce"],
  ["--coalesce", "coalesce"],
  ["-A", "pause"],
  ["--pause", "pause"],
  ["-G", "ring"],
  ["--set-ring", "ring"],
  ["--set-eee", "eee"],
  ["--set-priv-flags", "priv-flags"],
]);

/** What a command sets: one entry for each name and value that it gives. */
function* commandSettings(command: string): Generator<readonly [string, string]> {
  const words = command.trim().split(/\s+/);
  const program = words.findIndex((word) => word === "ethtool" || word.endsWith("/ethtool"));
  const family = program < 0 ? undefined : ETHTOOL.get(words[program + 1] ?? "");
  if (family !== undefined) {
    for (let i = program + 3; i + 1 < words.length; i += 2) {
      const name = words[i]!;
      yield [name === family ? family : `${family}.${name}`, words[i + 1]!];
    }
    return;
  }
  const probe = words.findIndex((word) => word === "modprobe" || word.endsWith("/modprobe"));
  const module = probe < 0 ? -1 : words.indexOf("e1000e", probe);
  if (module < 0) return;
  for (const word of words.slice(module + 1)) {
    const cut = word.indexOf("=");
    if (cut > 0) yield [word.slice(0, cut), word.slice(cut + 1)];
  }
}
