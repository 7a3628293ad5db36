import type { Reason } from "../supply/reasons.mjs";
import type { RuntimePackage } from "../supply/runtime-packages.mjs";
export function namedTable(packages: readonly RuntimePackage[], reasons: Readonly<Record<string, Reason>>): string;
export function broughtTable(packages: readonly RuntimePackage[]): string;
