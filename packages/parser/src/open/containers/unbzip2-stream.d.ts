/** The package has no types of its own. */
declare module "unbzip2-stream" {
  /** Decodes synchronously inside `write` and `end`, and tells by events. */
  interface Unbzip2Stream {
    on(event: "data", listener: (chunk: Uint8Array) => void): this;
    on(event: "error", listener: (error: unknown) => void): this;
    write(chunk: Uint8Array): boolean;
    end(): void;
  }
  export default function unbzip2(): Unbzip2Stream;
}
