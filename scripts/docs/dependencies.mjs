import { table } from "./generated.mjs";

/** The packages that a manifest of ours names, each measured as it is installed. */
export function namedTable(packages, reasons) {
  const named = packages.filter(({ usedBy }) => usedBy.length > 0);
  const names = new Set(named.map(({ name }) => name));
  const idle = Object.keys(reasons).filter((name) => !names.has(name));
  if (idle.length > 0) throw new Error(`a reason for what is not used: ${idle.join(", ")}`);
  const rows = named.map((one) => [
    `${one.name} ${one.version}`,
    one.usedBy.join(", "),
    reasonOf(one, reasons).job,
    reasonOf(one, reasons).keptBy,
    ...measured(one),
  ]);
  const why = named.map((one) => `- **${one.name}**: ${reasonOf(one, reasons).whyNotOwn}\n`).join("");
  return `${table(["package", "used by", "what for", "kept by", ...MEASURED], rows)}\nWhy not code of our own:\n\n${why}`;
}

/** The packages that those bring along. */
export function broughtTable(packages) {
  const brought = packages.filter(({ usedBy }) => usedBy.length === 0);
  const rows = brought.map((one) => [`${one.name} ${one.version}`, one.broughtBy.join(", "), ...measured(one)]);
  return table(["package", "brought by", ...MEASURED], rows);
}

const MEASURED = ["licence", "unpacked", "native code", "install scripts"];

function measured({ licence, bytes, isNative, isWasm, platforms, installScripts }) {
  const prebuilt = platforms.length > 0 ? `prebuilt, one of ${platforms.length} packages by platform` : null;
  const native = prebuilt ?? (isNative ? "yes" : isWasm ? "no; WebAssembly" : "no");
  return [licence, `${Math.ceil(bytes / 1024)} KiB`, native, installScripts.join(", ") || "none"];
}

function reasonOf({ name }, reasons) {
  const reason = reasons[name];
  if (reason === undefined) throw new Error(`${name}: no reason in scripts/supply/reasons.mjs`);
  return reason;
}
