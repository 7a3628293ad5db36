/** How far compressed files and archives are followed. */
export interface UnpackLimits {
  /** Layers inside one another, compressions and archives. Default 6: `.gz` in `.tar` in `.xz` is three. */
  readonly maxDepth: number;
  /** Files in an archive, those of archives in it included. Default 200,000. */
  readonly maxMembers: number;
  /** Unpacked bytes of one compressed file. Default 1 TiB. */
  readonly maxUnpackedBytes: number;
  /** Unpacked bytes for each stored byte, once `freeBytes` are passed. Default 10,000; gzip can reach 1,032. */
  readonly maxRatio: number;
  /** Default 1 GiB. */
  readonly freeBytes: number;
  /**
   * A native journal inside a compressed file or an archive is read in memory: bytes of the largest. Default 512 MiB;
   * journald starts a new file at 128 MiB unless told otherwise.
   */
  readonly maxJournalBytes: number;
}

export const UNPACK_LIMITS: UnpackLimits = {
  maxDepth: 6,
  maxMembers: 200_000,
  maxUnpackedBytes: 2 ** 40,
  maxRatio: 10_000,
  freeBytes: 2 ** 30,
  maxJournalBytes: 512 * 2 ** 20,
};
