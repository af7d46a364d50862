import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create, customersPath, minimal, objectIn } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import type { Fault } from './faults.ts';
import { GraphFake } from './graph-fake.ts';

describe('a fault', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  beforeEach(() => {
    fake.forget();
  });
  afterAll(() => fake.close());

  const stored = (): number => fake.customers(documented.business).length;
  const statuses = () => fake.requests().requests.map(({ status }) => status);

  it('status sends its response once and stores nothing', async () => {
    const error = { error: { code: 'UnknownError', message: '' } };
    fake.script([{ kind: 'status', status: 503, body: error, headers: { 'Retry-After': '1' } }]);
    const response = await create(fake);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.has('request-id')).toBe(true);
    expect(await response.json()).toEqual(error);
    expect(stored()).toBe(0);
    expect((await create(fake)).status).toBe(201);
    expect(statuses()).toEqual([503, 201]);
  });

  it('status sends text unchanged, replaces usual headers and may have no body', async () => {
    const headers = { 'CACHE-CONTROL': 'no-store' };
    fake.script([
      { kind: 'status', status: 502, body: '<html>', contentType: 'text/html', headers },
      { kind: 'status', status: 204 },
    ]);
    const html = await create(fake);
    expect(html.headers.get('content-type')).toBe('text/html');
    expect(html.headers.get('cache-control')).toBe('no-store');
    expect(await html.text()).toBe('<html>');
    const empty = await create(fake);
    expect([empty.status, await empty.text()]).toEqual([204, '']);
    expect(empty.headers.has('content-type')).toBe(false);
  });

  it('status applies before all checks, also without a valid token', async () => {
    fake.script([{ kind: 'status', status: 500 }]);
    expect((await create(fake, '', { token: 'garbled' })).status).toBe(500);
  });

  it('applies as often as configured, and pass handles requests before it', async () => {
    fake.script([
      { kind: 'pass', times: 2 },
      { kind: 'status', status: 500, times: 2 },
    ]);
    for (const status of [201, 201, 500, 500, 201]) {
      expect((await create(fake)).status).toBe(status);
    }
  });

  it('delay handles the request later', async () => {
    fake.script([{ kind: 'delay', delayMs: 60 }]);
    const start = performance.now();
    const response = create(fake);
    await fake.arrived(1);
    expect(stored()).toBe(0);
    expect((await response).status).toBe(201);
    expect(performance.now() - start).toBeGreaterThan(55);
    expect(stored()).toBe(1);
  });

  it.each([
    ['before-stored', 0],
    ['after-stored', 1],
  ] as const)('reset %s ends the connection without a response, %i stored', async (when, count) => {
    fake.script([{ kind: 'reset', when }]);
    await expect(create(fake)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(stored()).toBe(count);
    expect(statuses()).toEqual([null]);
  });

  it.each([
    ['before-stored', 0],
    ['after-stored', 1],
  ] as const)('silence %s never responds, %i stored', async (when, count) => {
    fake.script([{ kind: 'silence', when }]);
    const controller = new AbortController();
    const response = create(fake, minimal, { signal: controller.signal });
    await fake.arrived(1);
    // A later complete request shows that the first had enough time for its response.
    expect((await create(fake)).status).toBe(201);
    expect(stored()).toBe(count + 1);
    controller.abort();
    await expect(response).rejects.toMatchObject({ name: 'AbortError' });
    expect(statuses()).toEqual([null, 201]);
  });

  it('answer-after-stored stores the customer, then sends its response', async () => {
    fake.script([{ kind: 'answer-after-stored', status: 504, body: 'late' }]);
    const response = await create(fake);
    expect([response.status, await response.text()]).toEqual([504, 'late']);
    expect(stored()).toBe(1);
  });

  it('truncate stores the customer and sends half of the announced body', async () => {
    fake.script([{ kind: 'truncate' }]);
    const raw = await exchange(fake);
    const [head = '', body = ''] = raw.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 201 /);
    const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(body.length).toBe(Math.floor(announced / 2));
    expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError);
    expect(stored()).toBe(1);
  });

  it('drip stores the customer and sends the response byte by byte', async () => {
    fake.script([{ kind: 'drip', intervalMs: 0 }]);
    const response = await create(fake);
    let chunks = 0;
    let body = '';
    for await (const chunk of response.body ?? []) {
      chunks += 1;
      body += Buffer.from(chunk).toString();
    }
    expect(chunks).toBeGreaterThan(50);
    expect(JSON.parse(body)).toMatchObject({ displayName: 'Joni' });
    expect(stored()).toBe(1);
  });

  it('endless continues until the client disconnects', async () => {
    fake.script([{ kind: 'endless' }]);
    const response = await create(fake);
    expect(response.status).toBe(201);
    let received = 0;
    for await (const chunk of response.body ?? []) {
      received += Buffer.from(chunk).length;
      if (received > 5_000_000) break;
    }
    expect(received).toBeGreaterThan(5_000_000);
    expect(stored()).toBe(1);
    expect((await create(fake)).status).toBe(201);
  });

  it('endless does not change the response of a delete, which has no body', async () => {
    const { id } = fake.add(documented.business, { displayName: 'Joni Sherman' });
    fake.script([{ kind: 'endless' }]);
    const token = await fake.issueGraphToken();
    const { status } = await fetch(`${fake.graphUrl}${customersPath()}/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([status, stored()]).toEqual([204, 0]);
  });

  it('display-name-is-email stores the e-mail address as the name', async () => {
    fake.script([{ kind: 'display-name-is-email' }]);
    const email = 'jonis@relecloud.com';
    const response = await objectIn(await create(fake, documented.request));
    expect(response).toMatchObject({ displayName: email, emailAddress: email });
    expect(fake.customers(documented.business)).toMatchObject([{ displayName: email }]);
  });

  it.each<Fault>([
    { kind: 'reset', when: 'after-stored' },
    { kind: 'silence', when: 'after-stored' },
    { kind: 'answer-after-stored', status: 500 },
    { kind: 'truncate' },
    { kind: 'drip', intervalMs: 0 },
    { kind: 'endless' },
  ])('$kind leaves a request alone that Graph refuses', async (fault) => {
    fake.script([fault]);
    expect((await create(fake, '[]')).status).toBe(400);
    expect(stored()).toBe(0);
  });
});

/** The bytes of a response until the connection closes. */
async function exchange(fake: GraphFake): Promise<string> {
  const { host, hostname, port, pathname } = new URL(`${fake.graphUrl}${customersPath()}`);
  const body = JSON.stringify(minimal);
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      `POST ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${await fake.issueGraphToken()}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
  return text(socket);
}
