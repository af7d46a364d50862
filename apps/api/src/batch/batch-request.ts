import { type ErrorDetail, GraphError, isObject } from '@bookings/domain';

/** As many as Graph takes. */
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
  /** Ids of parts that must have succeeded before. */
  readonly dependsOn: readonly string[];
}

/**
 * The parts of a JSON batch (Microsoft Graph, "Combine multiple HTTP requests using JSON batching").
 *
 * @throws GraphError 400 with every fault, when it is none
 */
export function readBatch(body: unknown): BatchPart[] {
  const requests = isObject(body) ? body['requests'] : undefined;
  if (!Array.isArray(requests) || requests.length < 1 || requests.length > MAX_PARTS) {
    const message = `The body must have "requests", a list of 1 to ${MAX_PARTS} requests.`;
    throw broken([{ code: 'BadRequest', message, target: 'requests' }]);
  }
  const faults: ErrorDetail[] = [];
  const parts = requests.flatMap((request: unknown, index) => {
    const part = isObject(request) ? readPart(request) : 'must be an object';
    if (typeof part !== 'string') return [part];
    faults.push(fault(index, part));
    return [];
  });
  if (faults.length > 0) throw broken(faults);
  const unfit = parts.flatMap((part, index) => {
    const why = misplaced(part, index, parts);
    return why === undefined ? [] : [fault(index, why)];
  });
  if (unfit.length > 0) throw broken(unfit);
  return parts;
}

/** The part, or what is wrong with it. */
function readPart(request: Record<string, unknown>): BatchPart | string {
  const { id, method, url, headers = {}, body, dependsOn = [] } = request;
  if (typeof id !== 'string' || id === '') return 'must have an "id", a text that is not empty';
  const known = METHODS.find((each) => typeof method === 'string' && each === method.toUpperCase());
  if (known === undefined) return `must have a "method", one of ${METHODS.join(', ')}`;
  // A URL parser would leave these out or turn them into something else.
  if (typeof url !== 'string' || url === '' || /[\\#\p{Cc}]/u.test(url) || !url.isWellFormed()) {
    return 'must have a "url", relative to the version, without backslash, # and control characters';
  }
  if (!isTexts(headers))
    return 'may have "headers", an object of texts without line breaks, each under one name';
  if (!Array.isArray(dependsOn) || !dependsOn.every((each) => typeof each === 'string')) {
    return 'may have "dependsOn", a list of ids';
  }
  return { id, method: known, url, headers, body: body ?? undefined, dependsOn };
}

function isTexts(headers: unknown): headers is Record<string, string> {
  return (
    isObject(headers) &&
    // Of two that differ in letter case one would be lost.
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

/** What is wrong with a part among the others; undefined when nothing is. */
function misplaced(
  part: BatchPart,
  index: number,
  parts: readonly BatchPart[],
): string | undefined {
  const ids = parts.map(({ id }) => id);
  if (ids.indexOf(part.id) !== index) return 'has the "id" of another request';
  if (!part.dependsOn.every((id) => ids.includes(id))) {
    return 'depends on a request that is not in the batch';
  }
  return comesBack(part, parts) ? 'depends on itself, directly or through others' : undefined;
}

function comesBack(part: BatchPart, parts: readonly BatchPart[]): boolean {
  const reached = new Set(part.dependsOn);
  for (const id of reached) {
    for (const next of parts.find((each) => each.id === id)?.dependsOn ?? []) reached.add(next);
  }
  return reached.has(part.id);
}

// Ids are the caller's text and may hold anything: the position names the part.
function fault(index: number, why: string): ErrorDetail {
  const target = `requests[${index}]`;
  return { code: 'BadRequest', message: `${target} ${why}.`, target };
}

function broken(details: readonly ErrorDetail[]): GraphError {
  return new GraphError('BadRequest', 'The batch cannot be read; see details.', { details });
}
