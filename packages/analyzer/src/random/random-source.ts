/** A source of random numbers that the caller hands in: nothing here ever draws from a global one. */
export interface RandomSource {
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
}
