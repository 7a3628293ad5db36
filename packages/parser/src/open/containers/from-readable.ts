/** What a web stream gives, piece by piece. Not every browser iterates a stream by itself. Leaving early cancels it. */
export async function* fromReadable<Piece>(stream: ReadableStream<Piece>): AsyncGenerator<Piece, void, void> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
