/** Where bytes stand in the input. */
export interface Place {
  /** 1-based. */
  readonly line: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** A record whose fragments are all there: text, and after line feeds its dictionary. */
export interface WholeRecord {
  readonly bytes: Uint8Array;
  /** From the first of its packets to the end of the last. */
  readonly place: Place;
}

interface Open {
  readonly sequence: number;
  readonly buffer: Uint8Array;
  readonly isFilled: Uint8Array;
  filled: number;
  /** Where the bytes of its last packet end. */
  at: number;
  line: number;
  from: number;
  to: number;
}

const LINE_FEED: Uint8Array = Uint8Array.of(10);
const MAX_PENDING = 64;
const MAX_RECORD_BYTES = 65_536;

/**
 * Puts the fragments of extended netconsole together (`ncfrag=`, drivers/net/netconsole.c, send_fragmented_body), in any
 * order. Memory: 64 records of 64 KiB; the oldest gives way and is reported as lost.
 */
export class KmsgFragments {
  private readonly pending = new Map<number, Open>();
  private readonly lost: (place: Place) => void;
  private last: Open | null = null;

  constructor(lost: (place: Place) => void) {
    this.lost = lost;
  }

  /** The bytes of a packet that stand in the line of its head. Returns the record when this completes it. */
  add(sequence: number, offset: number, total: number, bytes: Uint8Array, place: Place): WholeRecord | null {
    this.last = null;
    if (total > MAX_RECORD_BYTES || offset >= total) {
      this.lost(place);
      return null;
    }
    let open = this.pending.get(sequence);
    if (open !== undefined && open.buffer.length !== total) {
      this.drop(open);
      open = undefined;
    }
    if (open === undefined) {
      const oldest = this.pending.size < MAX_PENDING ? undefined : this.pending.values().next().value;
      if (oldest !== undefined) this.drop(oldest);
      const { line, byteOffset } = place;
      const [buffer, isFilled] = [new Uint8Array(total), new Uint8Array(total)];
      open = { sequence, buffer, isFilled, filled: 0, at: 0, line, from: byteOffset, to: byteOffset };
      this.pending.set(sequence, open);
    }
    open.at = offset;
    this.last = open;
    return this.write(open, bytes, place);
  }

  /** A further line of the last packet: its body goes on after a line feed. */
  extend(bytes: Uint8Array, place: Place): WholeRecord | null {
    if (this.last === null) return null;
    return this.write(this.last, LINE_FEED, place) ?? this.write(this.last, bytes, place);
  }

  /** The line of the last packet ends here. Its line feed counts only where the body must end: else the capture added it. */
  endLine(place: Place): WholeRecord | null {
    if (this.last === null || this.last.at !== this.last.buffer.length - 1) return null;
    return this.write(this.last, LINE_FEED, place);
  }

  /** Whether a packet was added and its record is not whole yet. */
  get isOpen(): boolean {
    return this.last !== null;
  }

  /** No line of the last packet follows. */
  close(): void {
    this.last = null;
  }

  end(): void {
    for (const open of this.pending.values()) this.drop(open);
  }

  private write(open: Open, bytes: Uint8Array, place: Place): WholeRecord | null {
    for (const byte of bytes.subarray(0, open.buffer.length - open.at)) {
      if (open.isFilled[open.at] === 0) {
        open.isFilled[open.at] = 1;
        open.buffer[open.at] = byte;
        open.filled += 1;
      }
      open.at += 1;
    }
    open.to = Math.max(open.to, place.byteOffset + place.byteLength);
    if (open.filled < open.buffer.length) return null;
    this.forget(open);
    return { bytes: open.buffer, place: placeOf(open) };
  }

  private drop(open: Open): void {
    this.forget(open);
    this.lost(placeOf(open));
  }

  private forget(open: Open): void {
    this.pending.delete(open.sequence);
    if (this.last === open) this.last = null;
  }
}

function placeOf(open: Open): Place {
  return { line: open.line, byteOffset: open.from, byteLength: open.to - open.from };
}
