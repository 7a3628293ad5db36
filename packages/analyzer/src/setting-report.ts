import { asksForDefault, type FoundChange } from "./epochs/changes.js";
import { ITR, printsDefault, type SettingHistory, tookEffect } from "./epochs/settings.js";
import type { HostContext } from "./host-context.js";
import { settingFinding } from "./questions/wording.js";
import type { SettingState } from "./report.js";

/** What was asked for, what was in force, and whether that changed anything, of one setting. */
export function settingState(
  history: SettingHistory,
  context: HostContext,
  found: readonly FoundChange[],
): SettingState {
  const { name, requested, effective, ignored, shown } = history;
  const change = found.find((candidate) => candidate.setting === name && candidate.tied);
  const asking = found.filter((candidate) => candidate.setting === name && candidate.requested !== null);
  const old = context.boots.some((boot) => printsDefault(boot.kernelRelease) === false);
  return {
    name,
    requested,
    effective,
    ignored: ignored.map(({ value, from, reason, place }) => ({ value, from, reason, place })),
    shown,
    tookEffect: tookEffect(history),
    finding: settingFinding(history, {
      asksDefault:
        asking.length > 0 ? asking.every(asksForDefault) : requested.some((request) => asksFor(name, request.value)),
      silentDefault: old && name === ITR,
      tookEffect: tookEffect(history),
      tiedToMs: change?.timeMs ?? null,
      clock: context.clock,
    }),
  };
}

function asksFor(name: string, value: string): boolean {
  return name === ITR && /^(?:3|-1)(?:,(?:3|-1)){0,31}$/.test(value);
}
