import { describe, expect, it } from '@jest/globals';
import { base64Id, otherShape } from './customer-id.ts';

// The observed pair, and another mailbox.
const MAILBOX = '70486e94-3e5d-4559-936d-9db5e2710e8c';
const GUID = '8828e750-8dad-475f-9fa0-1ae0fbeade4a';
const BASE64 = 'AAQkADcwNDg2ZTk0LTNlNWQtNDU1OS05MzZkLTlkYjVlMjcxMGU4YwAQAFDnKIitjV9Hn6Aa4Pvq3ko=';
const ELSEWHERE = '00000000-3e5d-4559-936d-9db5e2710e8c';

describe('the Base64 shape of a customer id', () => {
  it('equals the observed id for the observed mailbox and customer', () => {
    expect(base64Id(MAILBOX, GUID)).toBe(BASE64);
  });

  it.each([
    [MAILBOX, GUID, BASE64],
    [MAILBOX, BASE64, GUID],
    [ELSEWHERE, BASE64, undefined],
    [MAILBOX, BASE64.toLowerCase(), undefined],
    [MAILBOX, 'nobody', undefined],
    [MAILBOX, '', undefined],
  ])('belongs to one mailbox: in %s, the other id of %s is %s', (mailbox, id, other) => {
    expect(otherShape(mailbox, id)).toBe(other);
  });
});
