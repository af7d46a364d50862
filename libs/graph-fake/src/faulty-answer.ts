import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import type { Fault, FaultAnswer } from './faults.ts';
import type { Answer } from './graph-answer.ts';
import type { GraphReply } from './graph-reply.ts';

/** A request under way, seen by the faults. */
export interface Turn {
  readonly reply: GraphReply;
  /** Headers of every answer to this request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the fake closes. */
  readonly signal: AbortSignal;
  /** Handles the request as Graph would, without sending the answer. */
  handle(options?: { readonly displayNameIsEmail: boolean }): Promise<Answer>;
}

/** Answers a request, or does not, as the fault says. */
export async function answerWith(fault: Fault, turn: Turn): Promise<void> {
  const { reply } = turn;
  switch (fault.kind) {
    case 'pass':
      reply.send(await turn.handle());
      return;
    case 'display-name-is-email':
      reply.send(await turn.handle({ displayNameIsEmail: true }));
      return;
    case 'delay':
      await setTimeout(fault.delayMs, undefined, { signal: turn.signal });
      reply.send(await turn.handle());
      return;
    case 'status':
      reply.send(scripted(fault, turn));
      return;
    case 'reset':
      if (fault.when === 'before-stored') reply.reset();
      else
        await afterStored(turn, () => {
          reply.reset();
        });
      return;
    case 'silence':
      if (fault.when === 'after-stored') await afterStored(turn, () => undefined);
      return;
    case 'answer-after-stored':
      await afterStored(turn, () => {
        reply.send(scripted(fault, turn));
      });
      return;
    case 'truncate':
      await afterStored(turn, (answer) => {
        truncate(reply, answer);
      });
      return;
    case 'drip':
      await afterStored(turn, (answer) => drip(turn, answer, fault.intervalMs));
      return;
    case 'endless':
      await afterStored(turn, (answer) => endless(reply, answer));
      return;
  }
}

/** A request that Graph refuses stores nothing: it gets the refusal instead of the fault. */
async function afterStored(turn: Turn, spoil: (answer: Answer) => unknown) {
  const answer = await turn.handle();
  if (answer.status < 300) await spoil(answer);
  else turn.reply.send(answer);
}

function scripted(fault: FaultAnswer, turn: Turn): Answer {
  const { status, body, contentType = 'application/json' } = fault;
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': contentType };
  return {
    status,
    headers: overridden({ ...turn.headers, ...type }, fault.headers ?? {}),
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Names of headers are equal whatever their letter case. */
function overridden(
  usual: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const kept = Object.entries(usual).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...given };
}

function truncate(reply: GraphReply, answer: Answer): void {
  const body = Buffer.from(answer.body);
  reply.head(answer, { 'Content-Length': String(body.length) });
  if (reply.gone) return;
  reply.response.write(body.subarray(0, body.length / 2), () => reply.response.destroy());
}

async function drip({ reply, signal }: Turn, answer: Answer, intervalMs: number): Promise<void> {
  reply.head(answer);
  for (const byte of Buffer.from(answer.body)) {
    if (reply.gone) return;
    reply.response.write(Buffer.of(byte));
    await setTimeout(intervalMs, undefined, { signal });
  }
  if (!reply.gone) reply.response.end();
}

async function endless(reply: GraphReply, answer: Answer): Promise<void> {
  // Node takes any body of such an answer and sends none: nobody would ever leave.
  if (answer.status === 204) {
    reply.send(answer);
    return;
  }
  reply.head(answer);
  try {
    await pipeline(Readable.from(growingCustomer()), reply.response);
  } catch (error) {
    // The only way out is that the peer leaves.
    if (!reply.gone) throw error;
  }
}

function* growingCustomer(): Generator<string, never> {
  yield '{"@odata.type":"#microsoft.graph.bookingCustomer","displayName":"';
  const more = 'a'.repeat(16_384);
  for (;;) yield more;
}
