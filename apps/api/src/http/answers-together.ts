import type { FastifyInstance } from 'fastify';
import { EndOfTurn } from './end-of-turn.ts';

/** Lets the answers of one turn of the event loop leave together. */
export function sendTogether(fastify: FastifyInstance): void {
  const endOfTurn = new EndOfTurn();
  fastify.addHook('onSend', (_request, _reply, payload, done) => {
    endOfTurn.add(() => {
      try {
        done(null, payload);
      } catch (error) {
        // Nobody up the stack is there any more who would answer that it failed.
        done(error instanceof Error ? error : new TypeError('thrown was no error'));
      }
    });
  });
}
