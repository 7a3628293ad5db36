import { id128, sameBytes, u32, u64 } from "./bytes.js";
import {
  COMPACT,
  HEADER_KNOWN_BYTES,
  HEADER_MIN_BYTES,
  INCOMPATIBLE,
  type Layout,
  REGULAR,
  SIGNATURE,
  STATES,
  UNREAD_INCOMPATIBLE,
} from "./layout.js";
import type { RandomAccess } from "./random-access.js";

/** What the header of a journal file says. Offsets and sizes in bytes, times in microseconds since 1970 UTC. */
export interface JournalHeader {
  readonly compatibleFlags: number;
  readonly incompatibleFlags: number;
  /** `offline`: synced; `online`: a writer has it open or died; `archived`: rotated, final; null: damaged. */
  readonly state: "offline" | "online" | "archived" | null;
  readonly fileId: string;
  /** The file id's bytes: the key of the keyed hash. */
  readonly fileIdBytes: Uint8Array;
  /** Of the machine that wrote the file, which for collected journals is the collector. */
  readonly machineId: string;
  readonly tailEntryBootId: string;
  /** Domain of the sequence numbers; shared by the files of one rotation. */
  readonly seqnumId: string;
  readonly headerBytes: number;
  readonly arenaBytes: number;
  readonly dataHashTableOffset: number;
  readonly dataHashTableBytes: number;
  readonly fieldHashTableOffset: number;
  readonly fieldHashTableBytes: number;
  readonly tailObjectOffset: number;
  readonly entries: number;
  readonly tailSeqnum: number;
  readonly headSeqnum: number;
  readonly entryArrayOffset: number;
  readonly headRealtimeUs: number;
  readonly tailRealtimeUs: number;
  /** TAG objects; null before systemd 189. */
  readonly tags: number | null;
  /** @internal */
  readonly layout: Layout;
  readonly keyedHash: boolean;
}

/** Why a file is not read at all. */
export interface HeaderRefusal {
  readonly code: "input.unsupported" | "input.corrupt" | "input.truncated";
  readonly byteOffset: number;
  readonly reason: string;
}

/** Does this look like a journal file? Needs the first 8 bytes. */
export function hasJournalSignature(head: Uint8Array): boolean {
  return sameBytes(head.subarray(0, SIGNATURE.length), SIGNATURE);
}

/**
 * Reads the header. Fields that this header is too short for are null or 0, never bytes of an object.
 * @returns a refusal if the file is no journal, of a variant that is not read, or if the header itself is damaged
 */
export function readHeader(access: RandomAccess): JournalHeader | HeaderRefusal {
  const bytes = access.read(0, HEADER_KNOWN_BYTES);
  if (!hasJournalSignature(bytes)) {
    return { code: "input.unsupported", byteOffset: 0, reason: "not a journal file: it does not start with LPKSHHRH" };
  }
  if (bytes.length < HEADER_MIN_BYTES) {
    const reason = `the journal file ends after ${bytes.length} bytes, inside its header`;
    return { code: "input.truncated", byteOffset: bytes.length, reason };
  }
  const incompatibleFlags = u32(bytes, 12);
  const unknown = unknownFlagNames(incompatibleFlags);
  if (unknown.length > 0) {
    const reason = `journal file of a variant that is not read: incompatible flag ${unknown.join(", ")}; export it with journalctl --file=FILE -o export`;
    return { code: "input.unsupported", byteOffset: 12, reason };
  }
  const headerBytes = u64(bytes, 88);
  if (headerBytes < HEADER_MIN_BYTES || headerBytes % 8 !== 0 || headerBytes > access.size) {
    return { code: "input.corrupt", byteOffset: 88, reason: `impossible journal header size ${headerBytes}` };
  }
  return {
    compatibleFlags: u32(bytes, 8),
    incompatibleFlags,
    state: STATES[bytes[16] ?? 0] ?? null,
    fileId: id128(bytes, 24),
    fileIdBytes: bytes.slice(24, 40),
    machineId: id128(bytes, 40),
    tailEntryBootId: id128(bytes, 56),
    seqnumId: id128(bytes, 72),
    headerBytes,
    arenaBytes: u64(bytes, 96),
    dataHashTableOffset: u64(bytes, 104),
    dataHashTableBytes: u64(bytes, 112),
    fieldHashTableOffset: u64(bytes, 120),
    fieldHashTableBytes: u64(bytes, 128),
    tailObjectOffset: u64(bytes, 136),
    entries: u64(bytes, 152),
    tailSeqnum: u64(bytes, 160),
    headSeqnum: u64(bytes, 168),
    entryArrayOffset: u64(bytes, 176),
    headRealtimeUs: u64(bytes, 184),
    tailRealtimeUs: u64(bytes, 192),
    tags: headerBytes >= 232 ? u64(bytes, 224) : null,
    layout: (incompatibleFlags & INCOMPATIBLE.COMPACT) === 0 ? REGULAR : COMPACT,
    keyedHash: (incompatibleFlags & INCOMPATIBLE.KEYED_HASH) !== 0,
  };
}

/** Names of the incompatible flags that are set, in order of their bits. */
export function incompatibleFlagNames(flags: number): string[] {
  return Object.entries(INCOMPATIBLE).flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [name]));
}

function unknownFlagNames(flags: number): string[] {
  const known = Object.values(INCOMPATIBLE).reduce<number>((all, bit) => all | bit, 0);
  const names: string[] = [];
  for (let i = 0; i < 32; i++) {
    const bit = 2 ** i;
    if ((flags & bit) === 0 || (known & bit) !== 0) continue;
    const name = UNREAD_INCOMPATIBLE.get(bit);
    names.push(name === undefined ? `bit ${i} (${bit})` : `${name}, bit ${i} (${bit})`);
  }
  return names;
}
