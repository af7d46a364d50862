/** Encodes `id` as one path segment without any reserved character (RFC 3986, 2.2). */
export function encodedSegment(id: string): string {
  return encodeURIComponent(id).replaceAll(/[!'()*]/g, (character) => `%${hexadecimal(character)}`);
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
