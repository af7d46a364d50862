import fc from 'fast-check';
import type { Fault } from '@bookings/graph-fake';
import { CUSTOMER, MARK } from './canaries.ts';

const text = fc.stringMatching(/^[ -~\x80-\xff]{0,60}$/);
const headers = fc.dictionary(
  fc.constantFrom(
    'Retry-After',
    'ETag',
    'request-id',
    'Location',
    'Content-Encoding',
    'Set-Cookie',
  ),
  fc.oneof(fc.constantFrom('0', '1', '0.01', 'gzip', 'W/"x"', 'https://evil.example'), text),
);
const body = fc.oneof(
  fc.constant({ ...CUSTOMER, id: 'x', value: [] }),
  fc.constant({ value: [CUSTOMER], '@odata.nextLink': 'https://evil.example/v1.0/x?y' }),
  fc.record({ error: fc.record({ code: text, message: text, innerError: fc.jsonValue() }) }),
  fc.jsonValue(),
  fc.constantFrom('', `<p>${MARK}</p>`, '['.repeat(100_000), '7', '\ufeff7'),
);
/** Without 500, because a forwarded 500 cannot be distinguished from an internal error. */
const status = fc.constantFrom(
  200,
  201,
  202,
  204,
  302,
  304,
  307,
  400,
  401,
  403,
  404,
  409,
  412,
  418,
  429,
  502,
  503,
  504,
  507,
  700,
);

/** Faults for the next requests. Often there are none. */
export const faults: fc.Arbitrary<Fault[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Fault[]>([]) },
  {
    weight: 3,
    arbitrary: fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constantFrom('status', 'answer-after-stored'),
          status,
          body,
          headers,
          contentType: fc.constantFrom('application/json', 'text/plain', 'text/html', ''),
          times: fc.integer({ min: 1, max: 4 }),
        }),
        fc.constantFrom<Fault>(
          { kind: 'reset', when: 'before-stored' },
          { kind: 'reset', when: 'after-stored' },
          { kind: 'silence', when: 'before-stored' },
          { kind: 'truncate' },
          { kind: 'endless' },
          { kind: 'drip', intervalMs: 1 },
          { kind: 'delay', delayMs: 20 },
          { kind: 'display-name-is-email' },
          { kind: 'pass' },
        ),
      ),
      { maxLength: 4 },
    ),
  },
);
