import { createHash } from "node:crypto";
import { EvidenceParser } from "@hangproof/parser";
import type { Reading } from "./read-case.js";

/** One log text as evidence with its hash, as a file with this label would be. */
export function parseText(text: string, label: string): Reading {
  const parser = new EvidenceParser({ evidence: label });
  const bytes = new TextEncoder().encode(text);
  const events = [...parser.push(bytes).events, ...parser.end().events];
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { summary: { ...parser.summary(), sha256, storedBytes: bytes.length }, events };
}
