import type { FastifyInstance } from 'fastify';

/**
 * Lets the answers of one turn of the event loop leave together at its end. Written one by one, each
 * wakes its caller's process again, and what the next one needs has gone from the processor's cache:
 * at saturation that was a fifth of a create. Alone an answer leaves as early as before, as the end
 * of a turn follows right upon what arrived in it.
 */
export function sendTogether(fastify: FastifyInstance): void {
  let leaving: (() => void)[] = [];
  const leave = () => {
    const now = leaving;
    leaving = [];
    for (const send of now) send();
  };
  fastify.addHook('onSend', (_request, _reply, payload, done) => {
    if (leaving.length === 0) setImmediate(leave);
    leaving.push(() => {
      try {
        done(null, payload);
      } catch (error) {
        // Nobody up the stack is there any more who would answer that it failed.
        done(error instanceof Error ? error : new TypeError('thrown was no error'));
      }
    });
  });
}
