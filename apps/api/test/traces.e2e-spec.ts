import { beforeEach, describe, expect, it } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };
import { createPart, getPart } from './batch-requests.ts';
import { BUSINESS, customersPath } from './documented.ts';
import { resetAfter, throttle } from './faults.ts';
import { type ExportedSpan, OtlpCollector } from './otlp-collector.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const ROUTE = '/v1.0/solutions/bookingBusinesses/{business}/customers';

const launcher = useProxyProcess();
let collector: OtlpCollector;
let proxy: ProxyProcess;

/** Starts a process that exports its spans. */
async function start(settings: Record<string, string> = {}): Promise<void> {
  collector = new OtlpCollector();
  proxy = await launcher.start({
    ...(await collector.start()),
    IDEMPOTENCY_SETTLE_MS: '100',
    MAILBOX_LINGER_MS: '0',
    ...settings,
  });
}

/** What was exported by the end of the process: what it does, and how that ended. */
async function exported(traceId = TRACE_ID): Promise<string[]> {
  expect(await proxy.stop()).toEqual([0, null]);
  return collector.tree(traceId, described);
}

const KINDS = ['', 'internal', 'server', 'client'];

function described({ name, kind, isError, attributes }: ExportedSpan): string {
  const details = [
    KINDS[kind],
    attributes['http.response.status_code'],
    attributes['bookings.idempotency'],
    attributes['bookings.store.result'],
    attributes['error.type'] !== undefined && `error ${attributes['error.type']}`,
    attributes['http.request.resend_count'] !== undefined &&
      `resend ${attributes['http.request.resend_count']}`,
  ].filter((detail) => detail !== undefined && detail !== false);
  expect(isError).toBe(attributes['error.type'] !== undefined);
  return `${name}: ${details.join(' ')}`;
}

const forwarded = (name: string) =>
  launcher.fake.requests().requests.map(({ headers }) => headers[name]);

describe('the spans of', () => {
  beforeEach(() => start());

  it('a create without a key', async () => {
    expect((await proxy.create({ headers: { traceparent: PARENT } })).status).toBe(201);
    expect(await exported()).toEqual([
      `POST ${ROUTE}: server 201`,
      '  mailbox wait: internal',
      `  POST ${ROUTE}: client 201`,
    ]);
  });

  it('a create with a key, and its replay', async () => {
    const headers = { 'idempotency-key': 'key-1', traceparent: PARENT };
    await proxy.create({ headers });
    await proxy.create({ headers });
    expect(await exported()).toEqual([
      `POST ${ROUTE}: server 201 created`,
      '  store acquire: internal acquired',
      '  mailbox wait: internal',
      '  store send: internal updated',
      `  POST ${ROUTE}: client 201`,
      '  store complete: internal updated',
      `POST ${ROUTE}: server 201 replayed`,
      '  store acquire: internal replay',
    ]);
  });

  it('a create whose answer is lost, with the lookup that finds the customer', async () => {
    launcher.fake.script([resetAfter()]);
    await proxy.create({ headers: { 'idempotency-key': 'key-2', traceparent: PARENT } });
    expect(await exported()).toEqual([
      `POST ${ROUTE}: server 201 adopted`,
      '  store acquire: internal acquired',
      '  mailbox wait: internal',
      '  store send: internal updated',
      `  POST ${ROUTE}: client error connection`,
      '  store abandon: internal updated',
      '  store acquire: internal acquired',
      '  mailbox wait: internal',
      `  GET ${ROUTE}: client 200`,
      '  store complete: internal updated',
    ]);
  });

  it('a read that Graph throttles', async () => {
    launcher.fake.script([throttle(2)]);
    await proxy.request('GET', `${customersPath()}/$count`, { headers: { traceparent: PARENT } });
    const route = `${ROUTE}/$count`;
    expect(await exported()).toEqual([
      `GET ${route}: server 200`,
      '  mailbox wait: internal',
      `  GET ${route}: client 429 error 429`,
      '  mailbox wait: internal',
      `  GET ${route}: client 429 error 429 resend 1`,
      '  mailbox wait: internal',
      `  GET ${route}: client 200 resend 2`,
    ]);
  });

  it('a batch, in which each part is a child', async () => {
    const requests = [
      createPart('1'),
      getPart('2', '/me', { dependsOn: ['1'] }),
      getPart('3', undefined, { dependsOn: ['2'] }),
    ];
    const body = JSON.stringify({ requests });
    await proxy.request('POST', '/v1.0/$batch', { body, headers: { traceparent: PARENT } });
    expect(await exported()).toEqual([
      'POST /v1.0/$batch: server 200',
      `  POST ${ROUTE}: internal 201`,
      '    mailbox wait: internal',
      `    POST ${ROUTE}: client 201`,
      '  GET: internal 404',
      '  GET: internal 424',
    ]);
  });

  it('requests that are refused, and none of probes', async () => {
    for (const path of ['/livez', '/readyz', '/metrics']) await proxy.get(path);
    await proxy.request('GET', '/v1.0/me', { headers: { traceparent: PARENT } });
    await proxy.create({ token: null, headers: { traceparent: PARENT } });
    expect(await exported()).toEqual(['GET: server 404', `POST ${ROUTE}: server 401`]);
    expect(collector.spans).toHaveLength(2);
  });

  it('a request that fails, with the code of the error and nothing else of it', async () => {
    launcher.fake.script([{ kind: 'status', status: 503, body: 'a broken gateway' }]);
    await proxy.create({ headers: { traceparent: PARENT } });
    expect(await exported()).toEqual([
      `POST ${ROUTE}: server 502 error BadGateway`,
      '  mailbox wait: internal',
      `  POST ${ROUTE}: client 503 error 503`,
      '  store lost: internal updated',
    ]);
    const [request, , attempt] = collector.spans;
    expect(request?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': ROUTE,
      'url.scheme': 'http',
      'http.response.status_code': 502,
      'bookings.outcome': 'unknown',
      'error.type': 'BadGateway',
    });
    expect(attempt?.attributes).toEqual({
      'http.request.method': 'POST',
      'url.template': ROUTE,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(launcher.fake.graphUrl).port),
      'http.response.status_code': 503,
      'error.type': '503',
    });
  });
});

describe('the trace context (W3C)', () => {
  it("of the caller is the parent, and Graph's parent is the attempt", async () => {
    await start();
    const tracestate = 'vendor=value';
    await proxy.create({ headers: { traceparent: PARENT, tracestate } });
    await exported();
    const [request, , attempt] = collector.spans;
    expect(request?.parentSpanId).toBe('b7ad6b7169203331');
    expect(forwarded('traceparent')).toEqual([`00-${TRACE_ID}-${attempt?.spanId ?? ''}-01`]);
    expect(forwarded('tracestate')).toEqual([tracestate]);
  });

  it('is new where the caller has sent none or a malformed one', async () => {
    await start();
    await proxy.create();
    await proxy.create({ headers: { traceparent: 'x', tracestate: 'vendor=value' } });
    await exported();
    const requests = collector.spans.filter(({ kind }) => kind === 2);
    expect(requests.map(({ parentSpanId }) => parentSpanId)).toEqual(['', '']);
    expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(2);
    expect(forwarded('tracestate')).toEqual([undefined, undefined]);
  });

  it('of a caller that is not sampled is passed on without spans', async () => {
    await start();
    await proxy.create({ headers: { traceparent: PARENT.replace(/01$/, '00') } });
    expect(await exported()).toEqual([]);
    expect(forwarded('traceparent')).toEqual([
      expect.stringMatching(new RegExp(`^00-${TRACE_ID}-(?!b7ad6b7169203331)[0-9a-f]{16}-00$`)),
    ]);
  });
});

describe('an export', () => {
  it('goes to the path of OTLP and describes the process', async () => {
    await start({
      OTEL_SERVICE_NAME: 'bookings',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,k8s.pod.name=a%20b',
      PUBLIC_BASE_URL: 'https://bookings.contoso.com',
    });
    await proxy.create({ path: customersPath(BUSINESS) });
    await exported();
    expect(collector.paths).toEqual(['POST /v1/traces']);
    expect(collector.resource).toMatchObject({
      'service.name': 'bookings',
      'service.version': manifest.version,
      'service.instance.id': proxy.logLines[0]?.['service.ephemeral_id'],
      'telemetry.sdk.name': 'opentelemetry',
      'deployment.environment.name': 'test',
      'k8s.pod.name': 'a b',
    });
    expect(collector.spans[0]?.attributes).toMatchObject({
      'server.address': 'bookings.contoso.com',
      'server.port': 443,
    });
  });
});
