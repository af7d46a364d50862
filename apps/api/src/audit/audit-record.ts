import type { Caller, Outcome, UpstreamRequest, Write, WriteOperation } from '@bookings/domain';

/** The fields that an intent and its outcome share. Undefined fields are omitted. */
interface AuditedWrite {
  /** Unique per write. Joins an intent and its outcome. */
  readonly auditId: string;
  readonly operation: WriteOperation;
  readonly tokenKind: Caller['kind'];
  readonly appId: string;
  readonly tenantId: string;
  /** The user's object id; undefined for an application. */
  readonly objectId: string | undefined;
  /** Names a user without an object id. */
  readonly subject: string | undefined;
  /** The SMTP address of the booking mailbox. */
  readonly business: string;
  /** Undefined on the intent of a create and on the outcome of a failed one. */
  readonly customerId: string | undefined;
  /** The proxy's, and Graph's once Graph has answered. */
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Joins the record with the spans and the log line of its request. */
  readonly traceId: string | undefined;
  /** Digest of the Idempotency-Key, if there is one. Joins all records of that key. */
  readonly keyDigest: string | undefined;
}

export interface AuditIntent extends AuditedWrite {
  readonly record: 'intent';
}

export interface AuditOutcome extends AuditedWrite {
  readonly record: 'outcome';
  /** `refused`: Graph answered that it changed nothing. */
  readonly outcome: 'done' | 'refused' | Outcome;
  /** Of the response; 499 when the client had disconnected. */
  readonly status: number;
  /** The error code, if the response is an error. */
  readonly code: string | undefined;
  /** How often the write was sent to Graph. */
  readonly attempts: number;
}

/** The part of an outcome that the response or the error of a write determines. */
export type WriteResult = Pick<
  AuditOutcome,
  'outcome' | 'status' | 'code' | 'attempts' | 'requestId'
>;

/** The record of a lookup or a replay under an Idempotency-Key. Neither is a write. */
export interface AuditKeyRecord extends AuditedWrite {
  /** A lookup in the list of customers, or a replayed response. */
  readonly record: 'look-up' | 'replay';
  /** The result of a lookup. A found customer belongs to the key unless another record follows. */
  readonly finding?: 'found' | 'none' | 'inconclusive' | 'failed';
}

/** Ids, codes and figures. No names and no contact data of customers. */
export type AuditRecord = AuditIntent | AuditOutcome | AuditKeyRecord;

/** The characters of Graph's ids, which are GUIDs or Base64. */
const ID = /^[\w.=+/-]+$/;
/** Replaces a value that is not an id and could be personal data. */
const NO_ID = '(not an id)';

export function intentOf(write: Write, request: UpstreamRequest): AuditIntent {
  return recordOf('intent', write, request);
}

/** @param createdId of the customer that a create returned */
export function outcomeOf(
  intent: AuditIntent,
  result: WriteResult,
  createdId?: string,
): AuditOutcome {
  return { ...intent, record: 'outcome', customerId: createdId ?? intent.customerId, ...result };
}

/** @param customerId of the customer that was found or is in the response */
export function keyRecordOf(
  record: AuditKeyRecord['record'],
  business: string,
  request: UpstreamRequest,
  customerId: string | undefined,
): AuditKeyRecord {
  const write = { operation: 'createCustomer', business, customer: customerId } as const;
  return recordOf(record, write, request);
}

function recordOf<Kind extends AuditRecord['record']>(
  record: Kind,
  { operation, business, customer }: Write,
  { caller, requestId, clientRequestId, traceId, keyDigest }: UpstreamRequest,
): AuditedWrite & { readonly record: Kind } {
  return {
    record,
    auditId: crypto.randomUUID(),
    operation,
    tokenKind: caller.kind,
    appId: caller.appId,
    tenantId: caller.tenantId,
    objectId: caller.objectId,
    subject: caller.subject,
    business,
    customerId: customer === undefined || ID.test(customer) ? customer : NO_ID,
    requestId,
    clientRequestId,
    traceId,
    keyDigest,
  };
}
