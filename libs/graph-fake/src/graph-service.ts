import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWTPayload } from 'jose';
import { createCustomer } from './create-customer.ts';
import type { CustomerStore } from './customer-store.ts';
import type { FaultScript } from './faults.ts';
import { type PendingRequest, sendFault } from './faulty-response.ts';
import { graphHeaders, GraphRefusal, refused, requestIds } from './graph-response.ts';
import { authenticate, authorize, bearerToken, claimedApp } from './graph-authorization.ts';
import { type GraphTarget, matchGraphPath } from './graph-path.ts';
import { GraphReply } from './graph-reply.ts';
import { pathOf, queryOf, readText } from './http-message.ts';
import { requireJson } from './json-media-type.ts';
import type { OpenEntry, Recorder } from './journal.ts';
import { countCustomers, listCustomers } from './list-customers.ts';
import { mailboxOf } from './mailbox.ts';
import { requestedMetadata } from './metadata.ts';
import type { CustomerOperation } from './customer-operation.ts';
import type { MailboxWork } from './mailbox-work.ts';
import { deleteCustomer, getCustomer, updateCustomer } from './one-customer.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** By method and path below a business. A path without `{id}` must come first. */
const operations: ReadonlyMap<string, CustomerOperation> = new Map([
  ['GET customers', listCustomers],
  ['POST customers', createCustomer],
  ['GET customers/$count', countCustomers],
  ['GET customers/{id}', getCustomer],
  ['PATCH customers/{id}', updateCustomer],
  ['DELETE customers/{id}', deleteCustomer],
]);
/** The operations with their permissions, for a comparison with Microsoft's list. */
export const KNOWN_OPERATIONS = Array.from(operations, ([key, { permissions }]) => {
  const [method = '', path = ''] = key.split(' ');
  return { method, path, permissions };
});
const resources = Array.from(operations.keys(), (key) => key.split(' ')[1] ?? '');

const NORMAL = { displayNameIsEmail: false };

/** The dependencies and settings of the service. */
export interface GraphServiceParts {
  readonly graphUrl: string;
  /** `aud` of the tokens that Graph accepts. */
  readonly audiences: readonly string[];
  readonly issuer: TokenIssuer;
  readonly store: CustomerStore;
  readonly recorder: Recorder;
  readonly faults: FaultScript;
  readonly limitPerMailbox: number;
  readonly work: MailboxWork;
  readonly listDelayMs: number;
  readonly pageSize: number;
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly getNeedsBase64Id: boolean;
  readonly signal: AbortSignal;
}

/** Handles Graph's paths: records and counts requests, applies faults and performs operations. */
export class GraphService {
  readonly #parts: GraphServiceParts;

  constructor(parts: GraphServiceParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Nothing is awaited before the body, so that requests use the script in order of arrival.
    const { recorder, faults, signal } = this.#parts;
    const target = matchGraphPath(pathOf(request), resources);
    const entry = recorder.arrive(request, target.business);
    const fault = faults.next(entry.method);
    const token = bearerToken(request.headers.authorization);
    const mailbox = target.business === null ? null : mailboxOf(target.business);
    this.#countConnection(mailbox, response);
    const work = this.#parts.work.begin(mailbox, claimedApp(token));
    const reply = new GraphReply(response, entry, work);
    try {
      if (!(await receive(request, entry, recorder))) return;
      const ids = requestIds(request);
      const handle: PendingRequest['handle'] = async ({ displayNameIsEmail } = NORMAL) => {
        try {
          const operation = findOperation(target, entry.method);
          const claims = await this.#authorize(operation, token, work.concurrent);
          const business = this.#business(target, claims);
          const id = target.business === null ? null : target.id;
          requireJson(request);
          const parameters = { ids, business, id, query: queryOf(request), body: entry.body };
          const metadata = requestedMetadata(request);
          const call = { ...this.#parts, ...parameters, metadata, displayNameIsEmail };
          const answer = await operation.perform(call);
          await work.timePassed();
          return answer;
        } catch (error) {
          if (error instanceof GraphRefusal) return refused(ids, error);
          throw error;
        }
      };
      await sendFault(fault, { reply, signal, headers: graphHeaders(ids), handle });
      // A request without an answer is in work too.
      if (entry.status === null) await work.timePassed();
    } finally {
      work.end();
    }
  }

  /** Counts the request until the end of its response or of its connection. */
  #countConnection(mailbox: string | null, response: ServerResponse): void {
    if (mailbox === null) return;
    const { mailboxes } = this.#parts.recorder;
    mailboxes.enter(mailbox);
    let isCounted = true;
    const uncount = (): void => {
      if (isCounted) mailboxes.leave(mailbox);
      isCounted = false;
    };
    // A lost connection emits only `close`. Otherwise `finish` comes before the client's next request.
    response.once('finish', uncount).once('close', uncount);
  }

  async #authorize(
    operation: CustomerOperation,
    token: string | undefined,
    concurrent: number,
  ): Promise<JWTPayload> {
    const { issuer, audiences, limitPerMailbox } = this.#parts;
    const claims = await authenticate(issuer, audiences, token);
    authorize(claims, operation.permissions);
    if (concurrent <= limitPerMailbox) return claims;
    // Bookings service limits: 4 concurrent requests for an application and a mailbox. The body is
    // that of the mailbox limit elsewhere in Graph, which users met with four threads too: four is
    // no promise. Graph's example has a fraction of a second.
    throw new GraphRefusal(
      429,
      'ApplicationThrottled',
      'Application is over its MailboxConcurrency limit.',
      { 'Retry-After': '0.25' },
    );
  }

  #business(target: GraphTarget, { oid, scp }: JWTPayload): string {
    const business = target.business === null ? undefined : this.#parts.store.find(target.business);
    if (business === undefined) {
      // Code and message were observed. The status is inferred.
      const message = 'The SMTP address has no mailbox associated with it.';
      throw new GraphRefusal(404, 'ErrorNonExistentMailbox', message);
    }
    const members = this.#parts.members.get(mailboxOf(business));
    if (scp === undefined || members === undefined || members.includes(String(oid))) {
      return business;
    }
    // Observed for a user who is not a member.
    const message = 'The specified folder could not be found in the store.';
    throw new GraphRefusal(404, 'ErrorFolderNotFound', message);
  }
}

/** It is unknown whether Graph checks path and method before the token. */
function findOperation(target: GraphTarget, method: string): CustomerOperation {
  if (target.resource === 'malformed') {
    throw new GraphRefusal(400, 'BadRequest', 'The URL is malformed.');
  }
  if (target.resource === 'unknown') {
    // The code exists in other parts of Graph. That of Bookings is unknown.
    throw new GraphRefusal(404, 'ResourceNotFound', 'Resource not found for the segment.');
  }
  const operation = operations.get(`${method} ${target.resource}`);
  if (operation !== undefined) return operation;
  const message = 'Specified HTTP method is not allowed for the request target.';
  throw new GraphRefusal(405, 'Request_BadRequest', message);
}

/** @returns false if the client disconnected before the end of its body */
async function receive(
  request: IncomingMessage,
  entry: OpenEntry,
  recorder: Recorder,
): Promise<boolean> {
  try {
    entry.body = await readText(request);
    return true;
  } catch (error) {
    if (!request.destroyed) throw error;
    return false;
  } finally {
    recorder.complete(entry);
  }
}
