import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import type { Fault, FaultAnswer } from './faults.ts';
import type { Answer } from './graph-answer.ts';
import type { GraphReply } from './graph-reply.ts';

/** A request that has no response yet. */
export interface PendingRequest {
  readonly reply: GraphReply;
  /** Headers of every response to this request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the fake closes. */
  readonly signal: AbortSignal;
  /** Handles the request as Graph would, without sending the response. */
  handle(options?: { readonly displayNameIsEmail: boolean }): Promise<Answer>;
}

/** Applies a fault to a request. */
export async function answerWith(fault: Fault, pending: PendingRequest): Promise<void> {
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
      reply.send(scripted(fault, pending));
      return;
    case 'reset':
      if (fault.when === 'before-stored') reply.reset();
      else
        await afterStored(pending, () => {
          reply.reset();
        });
      return;
    case 'silence':
      if (fault.when === 'after-stored') await afterStored(pending, () => undefined);
      return;
    case 'answer-after-stored':
      await afterStored(pending, () => {
        reply.send(scripted(fault, pending));
      });
      return;
    case 'truncate':
      await afterStored(pending, (answer) => {
        truncate(reply, answer);
      });
      return;
    case 'drip':
      await afterStored(pending, (answer) => drip(pending, answer, fault.intervalMs));
      return;
    case 'endless':
      await afterStored(pending, (answer) => endless(reply, answer));
      return;
  }
}

/** A request that Graph refuses gets the refusal, because it stores nothing. */
async function afterStored(pending: PendingRequest, fail: (answer: Answer) => unknown) {
  const answer = await pending.handle();
  if (answer.status < 300) await fail(answer);
  else pending.reply.send(answer);
}

function scripted(fault: FaultAnswer, pending: PendingRequest): Answer {
  const { status, body, contentType = 'application/json' } = fault;
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': contentType };
  return {
    status,
    headers: overridden({ ...pending.headers, ...type }, fault.headers ?? {}),
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

function truncate(reply: GraphReply, answer: Answer): void {
  const body = Buffer.from(answer.body);
  reply.head(answer, { 'Content-Length': String(body.length) });
  if (reply.gone) return;
  reply.response.write(body.subarray(0, body.length / 2), () => reply.response.destroy());
}

async function drip(
  { reply, signal }: PendingRequest,
  answer: Answer,
  intervalMs: number,
): Promise<void> {
  reply.head(answer);
  for (const byte of Buffer.from(answer.body)) {
    if (reply.gone) return;
    reply.response.write(Buffer.of(byte));
    await setTimeout(intervalMs, undefined, { signal });
  }
  if (!reply.gone) reply.response.end();
}

async function endless(reply: GraphReply, answer: Answer): Promise<void> {
  // Node sends no body with 204, so the client would wait forever.
  if (answer.status === 204) {
    reply.send(answer);
    return;
  }
  reply.head(answer);
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
