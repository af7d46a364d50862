import type { Caller, Operation, Outcome, UpstreamRequest } from '@bookings/domain';
import type { WriteEnd } from './write-end.ts';

/** Who wants what changed where: on the intent and, once more, on its outcome. */
interface AuditedWrite {
  /** ISO 8601, UTC. */
  readonly time: string;
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

/** Ids, codes and figures. Nothing of what a customer is called, or where one can be reached. */
export type AuditRecord = AuditIntent | AuditOutcome;

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
  const { operation, business, customerId } = write;
  const { kind, appId, tenantId, objectId } = request.caller;
  return {
    time: new Date().toISOString(),
    record: 'intent',
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
  };
}

/** @param createdId of the customer that a create has made */
export function outcomeOf(intent: AuditIntent, end: WriteEnd, createdId?: string): AuditOutcome {
  return {
    ...intent,
    time: new Date().toISOString(),
    record: 'outcome',
    ...(createdId !== undefined && { customerId: createdId }),
    ...end,
  };
}
