import type { Caller, Operation, Outcome, UpstreamRequest } from '@bookings/domain';
import type { WriteEnd } from './write-end.ts';

/** Who wants what changed where: on the intent and, once more, on its outcome. */
interface AuditedWrite {
  /** Joins an intent and its outcome; one per write. */
  readonly auditId: string;
  readonly operation: Operation;
  readonly tokenKind: Caller['kind'];
  readonly appId: string;
  readonly tenantId: string;
  /** The user's; absent for an application. */
  readonly objectId?: string;
  /** As Graph has it: the SMTP address of a mailbox. */
  readonly business: string;
  /** Absent as long as there is none: on the intent of a create, and when it did not succeed. */
  readonly customerId?: string;
  /** That of the answer: Graph's once Graph has answered, until then the proxy's. */
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Digest of the Idempotency-Key, where the write has one: joins all that was done under it. */
  readonly keyDigest?: string;
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
  readonly code?: string;
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
  readonly operation: Operation;
  readonly business: string;
  /** As the caller gave it. */
  readonly customerId?: string;
}

/** What Graph's ids are made of: GUIDs and Base64. */
const ID = /^[\w.=+/-]+$/;
/** In the place of what is no id of Graph's, and could be an e-mail address or a name. */
const NO_ID = '(not an id)';

export function intentTo(write: Write, request: UpstreamRequest): AuditIntent {
  return { ...audited(write, request), record: 'intent' };
}

/** @param createdId of the customer that a create has made */
export function outcomeOf(intent: AuditIntent, end: WriteEnd, createdId?: string): AuditOutcome {
  const customer = createdId === undefined ? undefined : { customerId: createdId };
  return { ...intent, record: 'outcome', ...customer, ...end };
}

/** @param customerId of the customer that was found, or is in the answer */
export function keyRecordOf(
  record: AuditKeyRecord['record'],
  business: string,
  request: UpstreamRequest,
  customerId: string | undefined,
): AuditKeyRecord {
  const write = { operation: 'createCustomer', business } as const;
  return {
    ...audited(customerId === undefined ? write : { ...write, customerId }, request),
    record,
  };
}

function audited(write: Write, request: UpstreamRequest): AuditedWrite {
  const { operation, business, customerId } = write;
  const { kind, appId, tenantId, objectId } = request.caller;
  const { keyDigest } = request;
  return {
    auditId: crypto.randomUUID(),
    operation,
    tokenKind: kind,
    appId,
    tenantId,
    ...(objectId !== undefined && { objectId }),
    business,
    ...(customerId !== undefined && { customerId: ID.test(customerId) ? customerId : NO_ID }),
    requestId: request.requestId,
    clientRequestId: request.clientRequestId,
    ...(keyDigest !== undefined && { keyDigest }),
  };
}
