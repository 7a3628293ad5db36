import type { Finding } from "../model/event.js";

/** Kernel command line settings that bear on the adapter besides the driver's own. */
const KERNEL_SETTINGS: ReadonlySet<string> = new Set([
  "pcie_aspm",
  "pcie_aspm.policy",
  "intel_idle.max_cstate",
  "processor.max_cstate",
]);

/** Fields of a request that most files leave alone. */
const READ = { interface: null, ignored: null } as const;

/**
 * One line of modprobe.d(5): every option of an `options` line is a request, and so is keeping the driver from loading or
 * loading it in another way.
 * @param ignored why modprobe does not read the file; null: it does
 */
export function readModprobeLine(line: string, ignored: string | null): readonly Finding[] {
  const text = line.split("#", 1)[0]?.trim() ?? "";
  const load = /^(blacklist|install)\s+(e1000e)\b\s*(.*)$/s.exec(text);
  if (load !== null) {
    const [, name = "", module = "", value = ""] = load;
    return [{ kind: "setting.file", file: "modprobe.d", module, interface: null, name, value, ignored }];
  }
  const match = /^options\s+([\w-]{1,64})\s+(.*)$/s.exec(text);
  if (match === null) return [];
  const module = (match[1] ?? "").replaceAll("-", "_");
  return (match[2] ?? "")
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word): Finding => {
      const equals = word.indexOf("=");
      const name = equals === -1 ? word : word.slice(0, equals);
      const value = equals === -1 ? "" : word.slice(equals + 1);
      return { kind: "setting.file", file: "modprobe.d", module, interface: null, name, value, ignored };
    });
}

/**
 * Why modprobe passes a file over; null when it reads it. Only what stands in a folder of that name is judged: a copy may
 * have any name. See modprobe.d(5): files must end in `.conf`.
 */
export function ignoredByModprobe(path: string): string | null {
  const inFolder = /(?:^|[\\/])modprobe\.d[\\/]([^\\/]+)$/.exec(path);
  if (inFolder === null || (inFolder[1] ?? "").endsWith(".conf")) return null;
  return "modprobe reads only files whose names end in .conf";
}

/** Module parameters and power settings of a kernel command line (kernel-parameters.rst). */
export function readCommandLine(commandLine: string): readonly Finding[] {
  return commandLine.split(/\s+/).flatMap((word): Finding[] => {
    const equals = word.indexOf("=");
    if (equals <= 0) return [];
    const key = word.slice(0, equals);
    const value = word.slice(equals + 1);
    if (KERNEL_SETTINGS.has(key))
      return [{ kind: "setting.file", file: "cmdline", module: null, ...READ, name: key, value }];
    const dot = key.indexOf(".");
    if (dot === -1 || key.slice(0, dot) !== "e1000e") return [];
    return [{ kind: "setting.file", file: "cmdline", module: "e1000e", ...READ, name: key.slice(dot + 1), value }];
  });
}
