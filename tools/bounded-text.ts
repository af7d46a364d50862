/** More than any document has that the tools read. Graph's metadata has about 4 MB. */
export const MAX_BYTES = 16 * 1024 * 1024;

/** More was sent than is read. */
export class TooLarge extends Error {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes / 1024 / 1024} MiB are too much`);
  }
}

/** @throws TooLarge for the piece that goes beyond `maxBytes` */
export async function* boundedPieces(
  pieces: AsyncIterable<unknown>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('expected bytes');
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw new TooLarge(maxBytes);
    yield piece;
  }
}

/** The body of a response as text. @throws TooLarge for one of more than `maxBytes` */
export async function boundedText({ body }: Response, maxBytes = MAX_BYTES): Promise<string> {
  const pieces: Uint8Array[] = [];
  if (body !== null) {
    for await (const piece of boundedPieces(body, maxBytes)) pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}
