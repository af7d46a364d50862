import { type ErrorDetail, GraphError, isObject } from '@bookings/domain';

/** Graph's limit. */
export const MAX_PARTS = 20;
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;

/** One request within a JSON batch. */
export interface BatchPart {
  readonly id: string;
  readonly method: (typeof METHODS)[number];
  /** Relative to the version, or with it: `/solutions/bookingBusinesses/…`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; undefined when there is none. */
  readonly body: unknown;
  /** Ids of parts that must succeed first. */
  readonly dependsOn: readonly string[];
}

/**
 * Parses a JSON batch (Microsoft Graph, "Combine multiple HTTP requests using JSON batching").
 *
 * @throws GraphError 400 with every fault
 */
export function readBatch(body: unknown): BatchPart[] {
  const requests = isObject(body) ? body['requests'] : undefined;
  if (!Array.isArray(requests) || requests.length < 1 || requests.length > MAX_PARTS) {
    const message = `The body must have "requests", a list of 1 to ${MAX_PARTS} requests.`;
    throw invalidBatch([{ code: 'BadRequest', message, target: 'requests' }]);
  }
  const faults: ErrorDetail[] = [];
  const parts = requests.flatMap((request: unknown, index) => {
    const part = isObject(request) ? readPart(request) : 'must be an object';
    if (typeof part !== 'string') return [part];
    faults.push(fault(index, part));
    return [];
  });
  if (faults.length > 0) throw invalidBatch(faults);
  const idFaults = parts.flatMap((part, index) => {
    const why = idFault(part, index, parts);
    return why === undefined ? [] : [fault(index, why)];
  });
  if (idFaults.length > 0) throw invalidBatch(idFaults);
  return parts;
}

/** The part, or what is wrong with it. */
function readPart(request: Record<string, unknown>): BatchPart | string {
  const { id, method, url, headers = {}, body, dependsOn = [] } = request;
  if (typeof id !== 'string' || id === '') return 'must have an "id", a string that is not empty';
  const known = METHODS.find((each) => typeof method === 'string' && each === method.toUpperCase());
  if (known === undefined) return `must have a "method", one of ${METHODS.join(', ')}`;
  // A URL parser would drop or replace these characters.
  if (typeof url !== 'string' || url === '' || /[\\#\p{Cc}]/u.test(url) || !url.isWellFormed()) {
    return 'must have a "url", relative to the version, without backslash, # and control characters';
  }
  if (!isHeaders(headers))
    return 'may have "headers", an object of strings without line breaks and without duplicate names';
  if (!Array.isArray(dependsOn) || !dependsOn.every((each) => typeof each === 'string')) {
    return 'may have "dependsOn", a list of ids';
  }
  return { id, method: known, url, headers, body: body ?? undefined, dependsOn };
}

function isHeaders(headers: unknown): headers is Record<string, string> {
  return (
    isObject(headers) &&
    // Of two names that differ only in letter case, one would be lost.
    new Set(Object.keys(headers).map((name) => name.toLowerCase())).size ===
      Object.keys(headers).length &&
    Object.entries(headers).every(
      ([name, value]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
        typeof value === 'string' &&
        /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
    )
  );
}

/** What is wrong with the ids of a part; undefined when they are valid. */
function idFault(part: BatchPart, index: number, parts: readonly BatchPart[]): string | undefined {
  const ids = parts.map(({ id }) => id);
  if (ids.indexOf(part.id) !== index) return 'has the "id" of another request';
  if (!part.dependsOn.every((id) => ids.includes(id))) {
    return 'depends on a request that is not in the batch';
  }
  return isCircular(part, parts) ? 'depends on itself, directly or through others' : undefined;
}

function isCircular(part: BatchPart, parts: readonly BatchPart[]): boolean {
  const reached = new Set(part.dependsOn);
  for (const id of reached) {
    for (const next of parts.find((each) => each.id === id)?.dependsOn ?? []) reached.add(next);
  }
  return reached.has(part.id);
}

// Ids are free text and may contain personal data, so the position names the part.
function fault(index: number, why: string): ErrorDetail {
  const target = `requests[${index}]`;
  return { code: 'BadRequest', message: `${target} ${why}.`, target };
}

function invalidBatch(details: readonly ErrorDetail[]): GraphError {
  return new GraphError('BadRequest', 'The batch is invalid; see details.', { details });
}
