import { setImmediate as endOfTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { sendTogether } from './answers-together.ts';

let server: FastifyInstance;
let url: string;
/** Those that wait for `answer`. */
let asked: FastifyReply[];
let complete: () => void;

/** Resolves when so many requests wait. */
async function waiting(count: number): Promise<void> {
  while (asked.length < count) await new Promise<void>((resolve) => (complete = resolve));
}

beforeEach(async () => {
  asked = [];
  complete = () => undefined;
  server = fastify();
  sendTogether(server);
  server.get('/', (_request, reply) => {
    asked.push(reply);
    complete();
  });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

describe('answers of one turn', () => {
  it('leave at its end, all of them', async () => {
    const answers = [fetch(url), fetch(url), fetch(url)];
    await waiting(3);
    for (const [index, reply] of asked.entries()) reply.send(`answer ${index}`);
    expect(asked.map(({ raw }) => raw.headersSent)).toEqual([false, false, false]);
    await endOfTurn();
    expect(asked.map(({ raw }) => raw.headersSent)).toEqual([true, true, true]);
    const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
    expect(texts.sort()).toEqual(['answer 0', 'answer 1', 'answer 2']);
  });

  it('leave although another one cannot', async () => {
    const answers = Promise.all([fetch(url), fetch(url)]);
    await waiting(2);
    const [bad, good] = asked;
    bad?.header('ETag', 'no\u0000value').send('bad');
    good?.send('good');
    const statuses = (await answers).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 500]);
  });

  it('do not keep those of the next turn from leaving', async () => {
    for (const round of [1, 2, 3]) {
      const answer = fetch(url);
      await waiting(round);
      asked.at(-1)?.send(`round ${round}`);
      expect(await (await answer).text()).toBe(`round ${round}`);
    }
  });
});
