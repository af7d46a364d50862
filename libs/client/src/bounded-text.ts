/** The body of a response as text; undefined, and no longer read, if it has more than `maxBytes`. */
export async function boundedText(
  { body }: Response,
  maxBytes: number,
): Promise<string | undefined> {
  if (body === null) return '';
  const pieces: AsyncIterable<Uint8Array> = body;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const piece of pieces) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
