import type { IncomingMessage } from 'node:http';

/** How much control information a response has. `full` is answered like `minimal`. */
export type Metadata = 'minimal' | 'none';

/** The parameter `odata.metadata` of `Accept`; since OData 4.01 also without its prefix. */
export function requestedMetadata({ headers }: IncomingMessage): Metadata {
  return /;\s*(odata\.)?metadata\s*=\s*"?none\b/i.test(headers.accept ?? '') ? 'none' : 'minimal';
}

/** OData JSON Format 4.01, 3.1.3: without metadata, the next link and the count remain. */
const REMAINING = ['@odata.nextLink', '@odata.count'];

/** A customer or a page of customers without control information. */
export function withoutMetadata(entity: Readonly<Record<string, unknown>>): object {
  const { value } = entity;
  return {
    ...plain(entity),
    ...(Array.isArray(value) && { value: value.map((each: object) => plain(each)) }),
  };
}

function plain(entity: object): object {
  return Object.fromEntries(
    Object.entries(entity).filter(([name]) => !name.startsWith('@') || REMAINING.includes(name)),
  );
}
