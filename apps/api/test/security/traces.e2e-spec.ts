import { expect, it } from '@jest/globals';
import { graphError, resetAfter, respond } from '../faults.ts';
import { OtlpCollector } from '../otlp-collector.ts';
import { useProxyProcess } from '../proxy-process.ts';
import { CANARIES, CUSTOMER, CUSTOMERS, HEADERS, MARK, sendAll, userToken } from './canaries.ts';

const launcher = useProxyProcess({ businesses: [CANARIES.business] });

it('no trace has personal data, an id of a business or a customer, or a part of a token', async () => {
  const collector = new OtlpCollector();
  const proxy = await launcher.start({
    ...(await collector.start()),
    IDEMPOTENCY_SETTLE_MS: '50',
    TRUSTED_PROXIES: '127.0.0.0/8',
  });
  const token = await userToken(launcher);
  await sendAll(proxy, token);
  const headers = {
    ...HEADERS,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: `${MARK}=${MARK}`,
    'idempotency-key': `${MARK}-key`,
    'x-forwarded-proto': MARK,
    'content-type': 'application/json',
  };
  const body = JSON.stringify(CUSTOMER);
  const faults = [
    resetAfter(),
    respond(400, graphError(`${MARK}@code`, MARK)),
    respond(503, graphError(`${MARK}@code`, MARK)),
    respond(500, MARK),
  ];
  for (const fault of faults) {
    launcher.fake.script([fault]);
    await proxy.request('POST', CUSTOMERS, { token, headers, body });
    await proxy.request('GET', `${CUSTOMERS}/${CANARIES.id}?$select=${MARK}`, { token, headers });
  }
  await proxy.request('GET', `/v1.0/${MARK}?${MARK}`, { token, headers });
  await proxy.request('GET', `/v1.0/%${MARK}`, { token, headers });
  expect(await proxy.stop()).toEqual([0, null]);
  expect(collector.spans.length).toBeGreaterThan(20);
  const text = collector.bodies.join('');
  const { clientSecret } = launcher.fake.client;
  for (const word of [MARK, clientSecret, ...token.split('.').slice(1)]) {
    const at = text.indexOf(word);
    expect(at < 0 ? '' : text.slice(Math.max(0, at - 300), at + 50)).toBe('');
  }
});
