import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Fault, FaultResponse, FaultMoment } from './faults.ts';
import { RecordReader } from './record-reader.ts';

const kinds = [
  'status',
  'answer-after-stored',
  'delay',
  'reset',
  'silence',
  'drip',
  'truncate',
  'endless',
  'display-name-is-email',
  'pass',
] as const;
const moments: readonly FaultMoment[] = ['before-stored', 'after-stored'];

/** Longer than any test, and within the range of a timer. */
const MAX_DELAY_MS = 3_600_000;

/** Reads a fault script. @throws TypeError with the step and the reason */
export function readFaults(input: unknown): readonly Fault[] {
  if (!Array.isArray(input)) throw new TypeError('faults: expected an array');
  return input.map((step, index) => readFault(step, `faults[${index}]`));
}

function readFault(input: unknown, where: string): Fault {
  const reader = new RecordReader(input, where);
  const times = reader.optionalInteger('times', { min: 1 });
  const fault = { times, ...readKind(reader, where) };
  reader.refuseOthers();
  return fault;
}

function readKind(reader: RecordReader, where: string): Fault {
  const kind = reader.oneOf('kind', kinds);
  switch (kind) {
    case 'status':
      return { kind, ...readEndpoint(reader), ...readResponse(reader, where) };
    case 'pass':
      return { kind, ...readEndpoint(reader) };
    case 'answer-after-stored':
      return { kind, ...readResponse(reader, where) };
    case 'delay':
      return { kind, delayMs: reader.integer('delayMs', { min: 0, max: MAX_DELAY_MS }) };
    case 'reset':
    case 'silence':
      return { kind, when: reader.oneOf('when', moments) };
    case 'drip':
      return { kind, intervalMs: reader.integer('intervalMs', { min: 0, max: MAX_DELAY_MS }) };
    case 'truncate':
    case 'endless':
    case 'display-name-is-email':
      return { kind };
  }
}

function readEndpoint(reader: RecordReader): { readonly endpoint?: 'token' } {
  const endpoint = reader.optionalOneOf('endpoint', ['token']);
  return endpoint === undefined ? {} : { endpoint };
}

function readResponse(reader: RecordReader, where: string): FaultResponse {
  const response = {
    status: reader.integer('status', { min: 200, max: 999 }),
    body: reader.any('body'),
    headers: reader.optionalTextRecord('headers'),
    contentType: reader.optionalText('contentType'),
  };
  const headers = { ...response.headers, 'content-type': response.contentType ?? '' };
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (cause) {
      throw new TypeError(`${where}.headers.${name}: expected a valid HTTP header`, { cause });
    }
  }
  return response;
}
