import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isReady } from './hanging.ts';
import { Stack, jsonObject } from './stack.ts';

const STATES = ['ready', 'degraded', 'not ready'];

afterEach(() => Stack.stopAll());

/** What the log says of states, and what of probes and tokens at the level of an error. */
function said({ logLines }: Stack) {
  const lines = logLines.map(jsonObject);
  const isState = ({ msg }: Record<string, unknown>) => STATES.includes(String(msg));
  return {
    states: lines.filter(isState).map(({ level, msg, reason, reasons }) => ({
      level,
      msg,
      why: reason ?? reasons,
    })),
    errors: lines.filter(({ level }) => Number(level) >= 50).map(({ msg }) => msg),
  };
}

/** Whether each line says something else than the one before. */
function areChanges(states: readonly object[]): boolean {
  const texts = states.map((state) => JSON.stringify(state));
  return texts.every((text, index) => text !== texts[index - 1]);
}

/** Probes that follow each other for longer than a result is good for. */
async function probe(stack: Stack, forMs = 2500): Promise<void> {
  const beganMs = performance.now();
  while (performance.now() - beganMs < forMs) await stack.get('/readyz');
}

describe('the log of a process that is probed', () => {
  it('has one line for each change of the reason why it is not ready, and one with the cause', async () => {
    const stack = await Stack.start({ AZURE_CLIENT_SECRET: 'another-secret' });
    await stack.readyWhen(({ text }) => text.includes('could not obtain'));
    await probe(stack);
    const { states, errors } = said(stack);
    const why = 'The proxy could not obtain a token for Graph';
    expect(states).toContainEqual({ level: 40, msg: 'not ready', why });
    expect([areChanges(states), errors]).toEqual([true, ['no token for Graph']]);
  });

  it('says at the level debug that a probe was answered 503, and names no error', async () => {
    const stack = await Stack.start({
      AZURE_CLIENT_SECRET: 'another-secret',
      LOG_LEVEL: 'debug',
    });
    const { status, headers } = await stack.get('/readyz');
    const line = await stack.lineOf(headers.get('request-id'));
    expect([status, line['level'], line['status'], line['code'], line['err']]).toEqual([
      503,
      20,
      503,
      'ServiceUnavailable',
      undefined,
    ]);
  });

  it('has one line for each change of what can be served', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probe-log-'));
    const path = join(folder, 'state.db');
    const stack = await Stack.start({ STATE_URL: `sqlite:${path}` });
    await stack.readyWhen(isReady);
    stack.logLines.length = 0;
    const other = new DatabaseSync(path);
    for (let times = 0; times < 2; times += 1) {
      other.exec('BEGIN IMMEDIATE');
      await stack.readyWhen(({ body }) => 'degraded' in body);
      await probe(stack);
      other.exec('COMMIT');
      await stack.readyWhen(isReady);
      await probe(stack);
    }
    other.close();
    await stack.stop();
    await rm(folder, { recursive: true });
    const why = ['creates with an Idempotency-Key are refused: the store cannot be used in time'];
    const [degraded, ready] = [
      { level: 40, msg: 'degraded', why },
      { level: 30, msg: 'ready', why: undefined },
    ];
    const { states, errors } = said(stack);
    expect([states[0], states.at(-1)]).toEqual([degraded, ready]);
    // A busy machine may be slow at another time as well.
    expect(states.length).toBeGreaterThanOrEqual(4);
    expect([areChanges(states), errors]).toEqual([true, []]);
  });
});
