import type { AuditIntent } from './audit-record.ts';

export const BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';

/** An intent with the given id. */
export function intent(auditId: string): AuditIntent {
  return {
    record: 'intent',
    auditId,
    operation: 'createCustomer',
    tokenKind: 'application',
    appId: '11111111-2222-3333-4444-555555555555',
    tenantId: '7f0c0000-0000-0000-0000-000000000000',
    objectId: undefined,
    subject: undefined,
    business: BUSINESS,
    customerId: undefined,
    requestId: '74c63e85-95a4-4e70-adc2-ae60662e5511',
    clientRequestId: '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
    traceId: undefined,
    keyDigest: undefined,
  };
}
