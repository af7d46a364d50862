import { describe, expect, it } from '@jest/globals';
import { isReady, lockableSqlite } from './hanging.ts';
import { jsonObject } from './json.ts';
import { Stack } from './stack.ts';

const STATES = ['ready', 'degraded', 'not ready'];

/** Log lines about readiness, and messages at error level. */
function readinessLog({ logLines }: Stack) {
  const lines = logLines.map(jsonObject);
  const isState = ({ message }: Record<string, unknown>) => STATES.includes(String(message));
  return {
    states: lines.filter(isState).map((line) => ({
      level: line['log.level'],
      message: line['message'],
      why: line['event.reason'],
    })),
    errors: lines.filter((line) => line['log.level'] === 'error').map(({ message }) => message),
  };
}

/** Whether each line differs from the one before. */
function areChanges(states: readonly object[]): boolean {
  const texts = states.map((state) => JSON.stringify(state));
  return texts.every((text, index) => text !== texts[index - 1]);
}

/** Probes for longer than a result is cached. */
async function probe(stack: Stack, forMs = 2500): Promise<void> {
  const beganMs = performance.now();
  while (performance.now() - beganMs < forMs) await stack.get('/readyz');
}

describe('the log of a process that receives probes', () => {
  it('has one line for each change of readiness, and one with the cause', async () => {
    const stack = await Stack.start({ AZURE_CLIENT_SECRET: 'another-secret' });
    await stack.readyWhen(({ text }) => text.includes('could not obtain'));
    await probe(stack);
    const { states, errors } = readinessLog(stack);
    const why = 'The proxy could not obtain a token for Graph: invalid_client 7000215';
    expect(states).toContainEqual({ level: 'warn', message: 'not ready', why });
    expect([areChanges(states), errors]).toEqual([true, ['no token for Graph']]);
  });

  it('has only a debug line, without an error, for a probe that was answered with 503', async () => {
    const stack = await Stack.start({
      AZURE_CLIENT_SECRET: 'another-secret',
      LOG_LEVEL: 'debug',
    });
    const { status, headers } = await stack.get('/readyz');
    const line = await stack.lineOf(headers.get('request-id'));
    expect([
      status,
      line['log.level'],
      line['http.response.status_code'],
      line['error.code'],
      line['error.type'],
    ]).toEqual([503, 'debug', 503, 'ServiceUnavailable', undefined]);
  });

  it('has one line for each change between ready and degraded', async () => {
    const { stack, lock } = await lockableSqlite();
    stack.logLines.length = 0;
    for (let times = 0; times < 2; times += 1) {
      lock.exec('BEGIN IMMEDIATE');
      await stack.readyWhen(({ body }) => 'degraded' in body);
      await probe(stack);
      lock.exec('COMMIT');
      await stack.readyWhen(isReady);
      await probe(stack);
    }
    lock.close();
    await stack.stop();
    const why = 'creates with an Idempotency-Key are refused: the store cannot be used in time';
    const [degraded, ready] = [
      { level: 'warn', message: 'degraded', why },
      { level: 'info', message: 'ready', why: undefined },
    ];
    const { states, errors } = readinessLog(stack);
    expect([states[0], states.at(-1)]).toEqual([degraded, ready]);
    // On a busy machine there may be more changes.
    expect(states.length).toBeGreaterThanOrEqual(4);
    expect([areChanges(states), errors]).toEqual([true, []]);
  });
});
