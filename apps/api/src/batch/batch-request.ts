import {
  type ErrorDetail,
  GraphError,
  MAX_DETAILS,
  isControlInformation,
  isObject,
  isWellFormed,
} from '@bookings/domain';
import { membersOf, unfitMembers } from './batch-members.ts';
import { idFaultOf, readId, readIds, withResolvedIds } from './part-ids.ts';

/** Graph's limit. */
export const MAX_PARTS = 20;
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;
const MEMBERS = ['id', 'method', 'url', 'headers', 'body', 'dependsOn'] as const;

/** Methods with a body, which has rules of its own. */
const isWrite = (method: string) => method === 'POST' || method === 'PATCH';

/** One request within a JSON batch. */
export interface BatchPart {
  readonly id: string;
  readonly method: (typeof METHODS)[number];
  /** Relative to the version, or with it: `/solutions/bookingBusinesses/…`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; undefined when there is none. */
  readonly body: unknown;
  /** Ids of parts that must succeed first, as those parts have them. */
  readonly dependsOn: readonly string[];
}

/**
 * Parses a JSON batch (Microsoft Graph, "Combine multiple HTTP requests using JSON batching").
 *
 * @throws GraphError 400 with every fault
 */
export function readBatch(body: unknown): BatchPart[] {
  const members = isObject(body) ? membersOf(body) : {};
  const unfit = isObject(body) ? unfitMembers(body, ['requests']) : undefined;
  if (unfit !== undefined) throw invalidBatch([detail('requests', `The body ${unfit}.`)]);
  const { requests } = members;
  if (!Array.isArray(requests) || requests.length < 1 || requests.length > MAX_PARTS) {
    const message = `The body must have "requests", a list of 1 to ${MAX_PARTS} requests.`;
    throw invalidBatch([detail('requests', message)]);
  }
  const faults: ErrorDetail[] = [];
  const parts = requests.flatMap((request: unknown, index) => {
    const part = isObject(request) ? readPart(request) : ['must be an object'];
    if (!Array.isArray(part)) return [part];
    faults.push(...part.map((why) => fault(index, why)));
    return [];
  });
  if (faults.length > 0) throw invalidBatch(faults);
  const idFaults = parts.flatMap((part, index) => {
    const why = idFaultOf(part, index, parts);
    return why === undefined ? [] : [fault(index, why)];
  });
  if (idFaults.length > 0) throw invalidBatch(idFaults);
  return withResolvedIds(parts);
}

/** The part, or everything that is wrong with it. */
function readPart(request: Record<string, unknown>): BatchPart | string[] {
  const faults: string[] = [];
  const required = <T>(value: T | undefined, rule: string): T | undefined => {
    if (value === undefined) faults.push(rule);
    return value;
  };
  const unfit = unfitMembers(request, MEMBERS);
  if (unfit !== undefined) faults.push(unfit);
  const members = membersOf(request);
  const { body } = members;
  const id = required(
    readId(members['id']),
    'must have an "id", a string that is not empty, or a number',
  );
  const method = required(
    readMethod(members['method']),
    `must have a "method", one of ${METHODS.join(', ')}`,
  );
  const url = required(
    readUrl(members['url']),
    'must have a "url", relative to the version, without backslash, # and control characters',
  );
  // The body of a write is judged with the write.
  if (method !== undefined && !isWrite(method) && !isWellFormed(body)) {
    faults.push('has an unpaired surrogate in its "body"');
  }
  const headers = required(
    readHeaders(members['headers'] ?? {}),
    'may have "headers", an object of strings without line breaks and without duplicate names',
  );
  const dependsOn = required(
    readIds(members['dependsOn'] ?? []),
    'may have "dependsOn", a list of ids',
  );
  const isComplete = id !== undefined && method && url !== undefined && headers && dependsOn;
  if (!isComplete || faults.length > 0) return faults;
  return { id, method, url, headers, body, dependsOn };
}

function readMethod(value: unknown): BatchPart['method'] | undefined {
  return METHODS.find((each) => typeof value === 'string' && each === value.toUpperCase());
}

function readUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) return undefined;
  // A URL parser would drop or replace these characters.
  return /[\\#\p{Cc}]/u.test(value) ? undefined : value;
}

function readHeaders(value: unknown): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const headers: Record<string, string> = {};
  const names = new Set<string>();
  for (const [name, text] of Object.entries(value)) {
    const counts = text !== null && !isControlInformation(name);
    if (!counts && isWellFormed([name, text])) continue;
    const isValid =
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
      typeof text === 'string' &&
      /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
    // Of two names that differ only in letter case, one would be lost.
    if (!isValid || names.has(name.toLowerCase())) return undefined;
    names.add(name.toLowerCase());
    headers[name] = text;
  }
  return headers;
}

// Ids are free text and may contain personal data, so the position names the part.
function fault(index: number, why: string): ErrorDetail {
  const target = `requests[${index}]`;
  return detail(target, `${target} ${why}.`);
}

function detail(target: string, message: string): ErrorDetail {
  return { code: 'BadRequest', message, target };
}

function invalidBatch(faults: readonly ErrorDetail[]): GraphError {
  const details = faults.slice(0, MAX_DETAILS);
  const rules = faults.length === 1 ? 'one rule' : `${faults.length} rules`;
  const where =
    faults.length > MAX_DETAILS ? `the first ${MAX_DETAILS} are in details` : 'see details';
  return new GraphError('BadRequest', `The batch breaks ${rules}; ${where}.`, { details });
}
