import type { Caller, Outcome, UpstreamRequest, WriteOperation } from '@bookings/domain';
import type { WriteEnd } from './write-end.ts';

/**
 * Who wants what changed where: on the intent and, once more, on its outcome. What is undefined is no
 * member of the line.
 */
interface AuditedWrite {
  /** Joins an intent and its outcome; one per write. */
  readonly auditId: string;
  readonly operation: WriteOperation;
  readonly tokenKind: Caller['kind'];
  readonly appId: string;
  readonly tenantId: string;
  /** The user's; undefined for an application. */
  readonly objectId: string | undefined;
  /** As Graph has it: the SMTP address of a mailbox. */
  readonly business: string;
  /** Undefined as long as there is none: on the intent of a create, and when it did not succeed. */
  readonly customerId: string | undefined;
  /** That of the answer: Graph's once Graph has answered, until then the proxy's. */
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Digest of the Idempotency-Key, where the write has one: joins all that was done under it. */
  readonly keyDigest: string | undefined;
}

export interface AuditIntent extends AuditedWrite {
  readonly record: 'intent';
}

export interface AuditOutcome extends AuditedWrite {
  readonly record: 'outcome';
  /** `refused`: Graph answered that it did nothing. The other two are the domain's. */
  readonly outcome: 'done' | 'refused' | Outcome;
  /** Of the answer; 499 when the caller was gone. */
  readonly status: number;
  /** Of the error, if it is one. */
  readonly code: string | undefined;
  /** How often it was tried at Graph. */
  readonly attempts: number;
}

/** What was done under an Idempotency-Key without writing. */
export interface AuditKeyRecord extends AuditedWrite {
  /** The list of customers was searched; or the remembered answer was given again. */
  readonly record: 'look-up' | 'replay';
  /** What a look-up came to; a customer that was found is the key's if nothing else follows. */
  readonly finding?: 'found' | 'none' | 'inconclusive' | 'failed';
}

/** Ids, codes and figures. Nothing of what a customer is called, or where one can be reached. */
export type AuditRecord = AuditIntent | AuditOutcome | AuditKeyRecord;

/** What is particular to one write. */
export interface Write {
  readonly operation: WriteOperation;
  readonly business: string;
  /** As the caller gave it. */
  readonly customerId?: string;
}

/** What Graph's ids are made of: GUIDs and Base64. */
const ID = /^[\w.=+/-]+$/;
/** In the place of what is no id of Graph's, and could be an e-mail address or a name. */
const NO_ID = '(not an id)';

export function intentTo(write: Write, request: UpstreamRequest): AuditIntent {
  return recordOf('intent', write, request);
}

/** @param createdId of the customer that a create has made */
export function outcomeOf(intent: AuditIntent, end: WriteEnd, createdId?: string): AuditOutcome {
  return { ...intent, record: 'outcome', customerId: createdId ?? intent.customerId, ...end };
}

/** @param customerId of the customer that was found, or is in the answer */
export function keyRecordOf(
  record: AuditKeyRecord['record'],
  business: string,
  request: UpstreamRequest,
  customerId: string | undefined,
): AuditKeyRecord {
  const write = { operation: 'createCustomer', business } as const;
  return recordOf(record, customerId === undefined ? write : { ...write, customerId }, request);
}

function recordOf<Kind extends AuditRecord['record']>(
  record: Kind,
  { operation, business, customerId }: Write,
  { caller, requestId, clientRequestId, keyDigest }: UpstreamRequest,
): AuditedWrite & { readonly record: Kind } {
  return {
    record,
    auditId: crypto.randomUUID(),
    operation,
    tokenKind: caller.kind,
    appId: caller.appId,
    tenantId: caller.tenantId,
    objectId: caller.objectId,
    business,
    customerId: customerId === undefined || ID.test(customerId) ? customerId : NO_ID,
    requestId,
    clientRequestId,
    keyDigest,
  };
}
