import { member } from './loose-json.ts';

/** A list in a HAL document; empty if there is none. */
export function embedded(document: unknown, name: string): readonly unknown[] {
  const list = member(member(document, '_embedded'), name);
  return Array.isArray(list) ? list : [];
}

/** The address of a link in a HAL document; undefined if there is none. */
export function hrefOf(document: unknown, relation: string): string | undefined {
  const href = member(member(member(document, '_links'), relation), 'href');
  return typeof href === 'string' ? href : undefined;
}
