import type { FailureMode } from "@hangproof/analyzer";

/** Failure modes in a few words, for tables; the report's own titles are whole phrases. */
export const FAILURE_MODE_NAMES: Readonly<Record<FailureMode, string>> = {
  "other-driver": "other driver",
  "device-vanished": "device vanished",
  "link-up-false-positive": "false alarm",
  "after-resume": "after resume",
  "timeout-without-report": "timeout only",
  flapping: "flapping",
  "endless-reports": "wedge, no reset",
  wedge: "wedge",
  "passing-stall": "passing stall",
  "recovered-by-reset": "cured by reset",
  unclear: "unclear",
};
