import { describe, expect, it } from '@jest/globals';
import { base64Id } from './customer-id.ts';

describe('the Base64 shape of a customer id', () => {
  it('equals the observed id for the observed mailbox and customer', () => {
    const mailbox = '70486e94-3e5d-4559-936d-9db5e2710e8c';
    expect(base64Id(mailbox, '8828e750-8dad-475f-9fa0-1ae0fbeade4a')).toBe(
      'AAQkADcwNDg2ZTk0LTNlNWQtNDU1OS05MzZkLTlkYjVlMjcxMGU4YwAQAFDnKIitjV9Hn6Aa4Pvq3ko=',
    );
  });
});
