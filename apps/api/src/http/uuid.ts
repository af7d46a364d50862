/** A UUID anywhere in a text, in any letter case. */
export const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

const WHOLE = new RegExp(`^${UUID.source}$`, 'i');

export function isUuid(text: string): boolean {
  return WHOLE.test(text);
}
