import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StateHandlers, StateParameters, type Verification, verify } from './index.ts';

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
const RIGHT = interaction('a request with the expected response', [EXISTS], { id: 'x' });
const WRONG = interaction('a request with another response', [], { id: 'y' });

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

interface Options extends Partial<Verification> {
  readonly interactions?: readonly unknown[];
  readonly states?: StateHandlers;
  readonly only?: readonly string[];
}

function verifyInteractions({
  interactions = [RIGHT],
  only,
  ...more
}: Options = {}): Promise<void> {
  const file = join(folder, `${expect.getState().currentTestName ?? ''}.json`.replaceAll('/', ' '));
  const names = { consumer: { name: 'bookings-client' }, provider: { name: 'bookings-api' } };
  const metadata = { pactSpecification: { version: '4.0' } };
  writeFileSync(file, JSON.stringify({ ...names, interactions, metadata }));
  return verify({
    provider: 'bookings-api',
    pacts: { file, only },
    states: { [EXISTS]: () => Promise.resolve({}) },
    onRequest: (request) => {
      request.target = url;
    },
    ...more,
  });
}

describe('a verification', () => {
  it('passes if the provider matches the pact', async () => {
    await expect(verifyInteractions()).resolves.toBeUndefined();
  });

  it('fails with the difference if the provider does not match the pact', async () => {
    const failing = verifyInteractions({ interactions: [RIGHT, WRONG] });
    await expect(failing).rejects.toThrow(/Expected 'x' \(String\) to be equal to 'y' \(String\)/);
  });

  it('can be limited to one interaction', async () => {
    const interactions = [RIGHT, WRONG];
    await expect(
      verifyInteractions({ interactions, only: [RIGHT.description] }),
    ).resolves.toBeUndefined();
    await expect(verifyInteractions({ interactions, only: [WRONG.description] })).rejects.toThrow();
    await expect(verifyInteractions({ interactions, only: ['nothing'] })).rejects.toThrow(
      TypeError,
    );
  });

  it('fails if a state has no handler', async () => {
    const failing = verifyInteractions({ states: {} });
    await expect(failing).rejects.toThrow(`The state "${EXISTS}" has no handler.`);
  });

  it.each(['toString', 'constructor'])('fails if the state "%s" has no handler', async (state) => {
    const interactions = [interaction('a request', [state], { id: 'x' })];
    await expect(verifyInteractions({ interactions, states: {} })).rejects.toThrow(
      'has no handler',
    );
  });

  it('fails if a handler throws', async () => {
    const states = {
      [EXISTS]: () => {
        throw new Error('no database');
      },
    };
    await expect(verifyInteractions({ states })).rejects.toThrow('no database');
  });

  it('fails if a handler rejects', async () => {
    const states = { [EXISTS]: () => Promise.reject(new Error('no database')) };
    await expect(verifyInteractions({ states })).rejects.toThrow('no database');
  });

  it('asks the handler of a state with its parameters, and puts its values into the request', async () => {
    const example = interaction('a request for a customer', [], { id: 'x' });
    const generators = {
      path: { type: 'ProviderState', expression: '/customers/${customerId}' },
      header: { Authorization: { type: 'ProviderState', expression: 'Bearer ${token}' } },
      query: { $skiptoken: { type: 'ProviderState', expression: '${skipToken}' } },
    };
    const headers = { Authorization: ['Bearer example'] };
    const query = { $skiptoken: ['example'] };
    const generated = {
      ...example,
      providerStates: [{ name: EXISTS, params: { name: 'Joni', count: 2 } }],
      request: { method: 'GET', path: '/customers/example', headers, query, generators },
    };
    const seen: unknown[] = [];
    await verifyInteractions({
      interactions: [generated],
      states: {
        [EXISTS]: (given) => {
          const parameters = new StateParameters(given);
          seen.push(parameters.text('name'), parameters.count('count'));
          return Promise.resolve({ customerId: 'AA%2B%2F%3D', token: 't', skipToken: 'a&b' });
        },
      },
      onRequest: (request) => {
        seen.push(request.path, request.headers.get('authorization'));
        request.target = url;
      },
    });
    expect(seen).toEqual(['Joni', 2, '/customers/AA%2B%2F%3D?%24skiptoken=a%26b', 'Bearer t']);
  });

  it.each(['text', 'count', 'object', 'value'] as const)(
    'fails if a parameter is missing that a handler reads as %s',
    async (kind) => {
      const states: StateHandlers = {
        [EXISTS]: (given) => {
          new StateParameters(given)[kind]('business');
          return Promise.resolve({});
        },
      };
      await expect(verifyInteractions({ states })).rejects.toThrow(
        'The state needs the parameter "business".',
      );
    },
  );

  it('fails if no interaction has the state of a handler', async () => {
    const states = {
      [EXISTS]: () => Promise.resolve({}),
      'an old state': () => Promise.resolve({}),
    };
    await expect(verifyInteractions({ states })).rejects.toThrow(
      'No interaction has the state "an old state"',
    );
  });

  it('fails if there is nothing to verify', async () => {
    await expect(verifyInteractions({ interactions: [], states: {} })).rejects.toThrow();
  });

  it('fails if afterEach rejects', async () => {
    const afterEach = () => Promise.reject(new Error('not cleared'));
    await expect(verifyInteractions({ afterEach })).rejects.toThrow('not cleared');
  });

  it('fails if a request has no target', async () => {
    const failing = verifyInteractions({ onRequest: () => Promise.resolve({}) });
    await expect(failing).rejects.toThrow('The request has no target.');
  });

  it('fails if onRequest rejects', async () => {
    const onRequest = () => Promise.reject(new Error('no provider'));
    await expect(verifyInteractions({ onRequest })).rejects.toThrow('no provider');
  });

  it('verifies a response as onResponse changes it', async () => {
    const failing = verifyInteractions({
      onResponse: (response) => {
        response.status = 201;
      },
    });
    await expect(failing).rejects.toThrow(/expected 200 but was 201/);
  });
});
