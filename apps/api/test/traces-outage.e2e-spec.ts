import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { EVENTS } from '../src/observability/log-events.ts';
import { createLog } from '../src/observability/logging.ts';
import { ReportingExporter } from '../src/observability/span-exporter.ts';
import { jsonObject } from './json.ts';
import { freePort } from './local-server.ts';
import { openedTracer, traceRequests } from './opened-tracer.ts';
import { OtlpCollector } from './otlp-collector.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';

const launcher = useProxyProcess();

async function create(proxy: ProxyProcess, count: number): Promise<void> {
  for (let created = 0; created < count; created += 1) {
    expect((await proxy.create()).status).toBe(201);
  }
}

it('answers requests, and ends, while a collector never answers', async () => {
  const collector = new OtlpCollector(() => undefined);
  const proxy = await launcher.start(await collector.start());
  // Each create has three spans, and 256 are exported at once.
  await create(proxy, 90);
  await collector.arrived(1);
  await create(proxy, 10);
  expect(collector.pending).toBe(1);
  expect(await proxy.stop()).toEqual([0, null]);
});

it('does not wait for a collector that never answers to end the process', async () => {
  const collector = new OtlpCollector(() => undefined);
  const lines: string[] = [];
  const tracer = await openedTracer(collector, {}, lines);
  traceRequests(tracer, 1);
  await tracer.close();
  await collector.arrived(1);
  // The export has not given up, which would be logged.
  expect(lines).toEqual([]);
});

it('answers requests, and ends, while a collector is away', async () => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const proxy = await launcher.start({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  await create(proxy, 3);
  expect(await proxy.stop()).toEqual([0, null]);
  expect(proxy.stderr).toBe('');
});

it('keeps a bounded number of spans while a collector is slow', async () => {
  const held: ServerResponse[] = [];
  let isSlow = true;
  const respond = (response: ServerResponse) => response.writeHead(200).end('{}');
  const collector = new OtlpCollector((response) => {
    if (isSlow) held.push(response);
    else respond(response);
  });
  const tracer = await openedTracer(collector);
  traceRequests(tracer, 256);
  await collector.arrived(1);
  traceRequests(tracer, 20_000);
  isSlow = false;
  held.forEach(respond);
  await tracer.close();
  expect(collector.spans).toHaveLength(256 + 4096);
});

it('logs once that the export fails, and once that it works again', async () => {
  let status = 400;
  const collector = new OtlpCollector((response) => response.writeHead(status).end('{}'));
  const proxy = await launcher.start(await collector.start());
  await create(proxy, 200);
  await collector.arrived(2);
  status = 200;
  await create(proxy, 200);
  await collector.arrived(3);
  expect(await proxy.stop()).toEqual([0, null]);
  const lines = proxy.stdout.split('\n').map(jsonObject);
  expect(
    lines.map(({ message }) => String(message)).filter((text) => text.includes('traces')),
  ).toEqual(['traces cannot be exported, and some are lost', 'traces are exported again']);
});

it('logs that a collector answers byte by byte without an end', async () => {
  const collector = new OtlpCollector((response) => {
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => {
      clearInterval(timer);
    });
  });
  const { OTEL_EXPORTER_OTLP_ENDPOINT: url = '' } = await collector.start();
  const line = await new Promise<string>((resolve) => {
    const log = createLog('info', { write: resolve });
    new ReportingExporter(url, log, 200).export([], () => undefined);
  });
  expect(jsonObject(line)['message']).toBe(EVENTS.tracesNotExported.message);
});
