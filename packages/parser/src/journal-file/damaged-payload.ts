/** A compressed payload that cannot be decoded. Thrown by the decoders, caught where a payload is read. */
export class DamagedPayload extends Error {
  override readonly name = "DamagedPayload";
}
