import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import type { Fault, FaultResponse } from './faults.ts';
import type { GraphResponse } from './graph-response.ts';
import type { GraphReply } from './graph-reply.ts';

/** A request that has no response yet. */
export interface PendingRequest {
  readonly reply: GraphReply;
  /** Headers of every response to this request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the fake closes. */
  readonly signal: AbortSignal;
  /** Handles the request as Graph would, in the work time, without sending the response. */
  handle(options?: { readonly displayNameIsEmail: boolean }): Promise<GraphResponse>;
}

/** Applies a fault to a request. */
export async function sendFault(fault: Fault, pending: PendingRequest): Promise<void> {
  const { reply } = pending;
  switch (fault.kind) {
    case 'pass':
      reply.send(await pending.handle());
      return;
    case 'display-name-is-email':
      reply.send(await pending.handle({ displayNameIsEmail: true }));
      return;
    case 'delay':
      await setTimeout(fault.delayMs, undefined, { signal: pending.signal });
      reply.send(await pending.handle());
      return;
    case 'status':
      reply.send(scripted(fault, pending.headers));
      return;
    case 'reset':
      if (fault.when === 'before-stored') reply.reset();
      else
        await afterStored(pending, () => {
          reply.reset();
        });
      return;
    case 'silence':
      if (fault.when === 'after-stored') await afterStored(pending, () => reply.closed());
      else await reply.closed();
      return;
    case 'answer-after-stored':
      await afterStored(pending, () => {
        reply.send(scripted(fault, pending.headers));
      });
      return;
    case 'truncate':
      await afterStored(pending, (response) => {
        truncate(reply, response);
      });
      return;
    case 'drip':
      await afterStored(pending, (response) => drip(pending, response, fault.intervalMs));
      return;
    case 'endless':
      await afterStored(pending, (response) => endless(reply, response));
      return;
  }
}

/** A request that Graph refuses gets the refusal, because it stores nothing. */
async function afterStored(pending: PendingRequest, fail: (response: GraphResponse) => unknown) {
  const response = await pending.handle();
  if (response.status < 300) await fail(response);
  else pending.reply.send(response);
}

/** @param usual header fields of every response */
export function scripted(
  fault: FaultResponse,
  usual: Readonly<Record<string, string>>,
): GraphResponse {
  const { status, body, contentType = 'application/json' } = fault;
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': contentType };
  return {
    status,
    headers: overridden({ ...usual, ...type }, fault.headers ?? {}),
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** The letter case of header names does not matter. */
function overridden(
  usual: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const remaining = Object.entries(usual).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(remaining), ...given };
}

function truncate(reply: GraphReply, response: GraphResponse): void {
  const body = Buffer.from(response.body);
  reply.head(response, { 'Content-Length': String(body.length) });
  if (reply.gone) return;
  reply.response.write(body.subarray(0, body.length / 2), () => reply.response.destroy());
}

async function drip(
  { reply, signal }: PendingRequest,
  response: GraphResponse,
  intervalMs: number,
): Promise<void> {
  reply.head(response);
  for (const byte of Buffer.from(response.body)) {
    if (reply.gone) return;
    reply.response.write(Buffer.of(byte));
    await setTimeout(intervalMs, undefined, { signal });
  }
  if (!reply.gone) reply.response.end();
}

async function endless(reply: GraphReply, response: GraphResponse): Promise<void> {
  // Node sends no body with 204, so the client would wait forever.
  if (response.status === 204) {
    reply.send(response);
    return;
  }
  reply.head(response);
  try {
    await pipeline(Readable.from(growingCustomer()), reply.response);
  } catch (error) {
    // The body ends only when the client disconnects.
    if (!reply.gone) throw error;
  }
}

function* growingCustomer(): Generator<string, never> {
  yield '{"@odata.type":"#microsoft.graph.bookingCustomer","displayName":"';
  const more = 'a'.repeat(16_384);
  for (;;) yield more;
}
