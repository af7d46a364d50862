import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StateHandlers, type Verification, verify } from './index.ts';

const EXISTS = 'the booking business exists';
const interaction = (description: string, states: readonly string[], body: unknown) => ({
  type: 'Synchronous/HTTP',
  description,
  pending: false,
  providerStates: states.map((name) => ({ name })),
  request: { method: 'GET', path: '/' },
  response: {
    status: 200,
    headers: { 'Content-Type': ['application/json'] },
    body: { content: body, contentType: 'application/json', encoded: false },
  },
});
const KEPT = interaction('a request that is answered', [EXISTS], { id: 'x' });
const NOT_KEPT = interaction('a request that is answered otherwise', [], { id: 'y' });

let folder: string;
let server: Server;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contracts-'));
  server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end('{"id":"x"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Verified extends Partial<Verification> {
  readonly interactions?: readonly unknown[];
  readonly states?: StateHandlers;
  readonly only?: readonly string[];
}

function verified({ interactions = [KEPT], only, ...more }: Verified = {}): Promise<void> {
  const file = join(folder, `${expect.getState().currentTestName ?? ''}.json`.replaceAll('/', ' '));
  const names = { consumer: { name: 'bookings-client' }, provider: { name: 'bookings-api' } };
  const metadata = { pactSpecification: { version: '4.0' } };
  writeFileSync(file, JSON.stringify({ ...names, interactions, metadata }));
  return verify({
    provider: 'bookings-api',
    pacts: { file, only },
    states: { [EXISTS]: () => undefined },
    onRequest: (request) => {
      request.target = url;
    },
    ...more,
  });
}

describe('a verification', () => {
  it('passes when the provider keeps the pact', async () => {
    await expect(verified()).resolves.toBeUndefined();
  });

  it('fails when the provider answers otherwise, and says how', async () => {
    const failing = verified({ interactions: [KEPT, NOT_KEPT] });
    await expect(failing).rejects.toThrow(/Expected 'x' \(String\) to be equal to 'y' \(String\)/);
  });

  it('can be of one interaction', async () => {
    const interactions = [KEPT, NOT_KEPT];
    await expect(verified({ interactions, only: [KEPT.description] })).resolves.toBeUndefined();
    await expect(verified({ interactions, only: [NOT_KEPT.description] })).rejects.toThrow();
    await expect(verified({ interactions, only: ['nothing'] })).rejects.toThrow(TypeError);
  });

  it('fails when a state has no handler', async () => {
    const failing = verified({ states: {} });
    await expect(failing).rejects.toThrow(`The state "${EXISTS}" has no handler.`);
  });

  it.each(['toString', 'constructor'])(
    'fails when the state "%s" has no handler',
    async (state) => {
      const interactions = [interaction('a request', [state], { id: 'x' })];
      await expect(verified({ interactions, states: {} })).rejects.toThrow('has no handler');
    },
  );

  it('fails when a handler throws', async () => {
    const states = {
      [EXISTS]: () => {
        throw new Error('no business today');
      },
    };
    await expect(verified({ states })).rejects.toThrow('no business today');
  });

  it('fails when a handler is rejected', async () => {
    const states = { [EXISTS]: () => Promise.reject(new Error('no business today')) };
    await expect(verified({ states })).rejects.toThrow('no business today');
  });

  it('fails when no interaction has the state of a handler', async () => {
    const states = { [EXISTS]: () => undefined, 'an old state': () => undefined };
    await expect(verified({ states })).rejects.toThrow(
      'No interaction has the state "an old state"',
    );
  });

  it('fails when there is nothing to verify', async () => {
    await expect(verified({ interactions: [], states: {} })).rejects.toThrow();
  });

  it('fails when what comes after an interaction fails', async () => {
    const afterEach = () => Promise.reject(new Error('not cleared'));
    await expect(verified({ afterEach })).rejects.toThrow('not cleared');
  });

  it('fails when a request is led nowhere', async () => {
    const failing = verified({ onRequest: () => undefined });
    await expect(failing).rejects.toThrow('nobody said where the request goes');
  });

  it('fails when a request cannot be sent on', async () => {
    const onRequest = () => Promise.reject(new Error('no provider today'));
    await expect(verified({ onRequest })).rejects.toThrow('no provider today');
  });

  it('sees answers as they are changed on the way', async () => {
    const spoilt = verified({
      onAnswer: (answer) => {
        answer.status = 201;
      },
    });
    await expect(spoilt).rejects.toThrow(/expected 200 but was 201/);
  });
});
