/** `id` as one segment of a path, with nothing in it that RFC 3986 (2.2) reserves. */
export function encodedSegment(id: string): string {
  return encodeURIComponent(id).replaceAll(/[!'()*]/g, (sign) => `%${hexadecimal(sign)}`);
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
