const stack = useStack();

describe('the Location of a created customer', () => {
  it.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
    [
      'PUBLIC_BASE_URL',
      { PUBLIC_BASE_URL: 'https://bookings.example.com/api/' },
      {},
      /^https:\/\/bookings\.example\.com\/api\/v1\.0\//,
    ],
    [
      'the headers of a trusted proxy',
      {},
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'b.example.com' },
      /^https:\/\/b\.example\.com\/v1\.0\//,
    ],
    [
      'the socket when the proxy in front is not trusted',
      { TRUSTED_PROXIES: '10.0.0.0/8' },
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'b.example.com' },
      /^http:\/\/127\.0\.0\.1:\d+\/v1\.0\//,
    ],
  ])('is based on %s', async (_title, env, headers, expected) => {
    const other = await Stack.start(env);
    const response = await other.create({ headers });
    await other.stop();
    expect(response.headers.get('location')).toMatch(expected);
  });

  it('has a Base64 id as one encoded segment', async () => {
    const other = await Stack.start({}, { idShape: 'base64' });
    const response = await other.create();
    await other.stop();
    const id = String(response.body['id']);
    expect(id).toMatch(/^AAQkA.*=$/);
    expect(response.headers.get('location')).toMatch(/customers\/[A-Za-z0-9%]+$/);
    expect(decodeURIComponent(response.headers.get('location')?.split('/').at(-1) ?? '')).toBe(id);
  });
});

describe('GRAPH_ADDRESS_SCHEMA=v1.0', () => {
  it('drops properties that the v1.0 schema does not declare', async () => {
    const other = await Stack.start({ GRAPH_ADDRESS_SCHEMA: 'v1.0' });
    const { status } = await other.create();
    const body = other.fake.requests().requests[0]?.body ?? '';
    await other.stop();
    expect(status).toBe(201);
    expect(body).not.toMatch(/postOfficeBox|"addresses":\[[^\]]*"type"/);
    expect(body).toContain('"phones":[{"number":"206-555-0100","type":"home"}');
  });
});

describe('GRAPH_CREDENTIAL=access-token', () => {
  it('sends one fixed token for every caller', async () => {
    const fake = stack.fake;
    const token = await fake.issueGraphToken();
    const other = await Stack.start({
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: token,
      GRAPH_BASE_URL: fake.graphUrl,
    });
    const user = await other.fake.issueToken({ scopes: [CREATE_PERMISSION] });
    const statuses = [await other.create(), await other.create({ token: user })];
    await other.stop();
    expect(statuses.map(({ status }) => status)).toEqual([201, 201]);
    expect(fake.customers(BUSINESS)).toHaveLength(2);
  });
});
import { describe, expect, it } from '@jest/globals';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { Stack, useStack } from './stack.ts';
