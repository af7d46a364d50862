import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { type UpstreamRequest, parseCustomer } from '@bookings/domain';
import { FixedToken, GraphClient } from '@bookings/graph-client';
import { AuditAlarm } from '../src/audit/audit-alarm.ts';
import { AuditFile } from '../src/audit/audit-file.ts';
import { NamedPipe } from '../src/audit/named-pipe.fixture.ts';
import { WriteAudit } from '../src/audit/write-audit.ts';
import { InFlight } from '../src/observability/in-flight.ts';
import { createLog } from '../src/observability/logging.ts';
import { Metrics } from '../src/observability/metrics.ts';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS } from './documented.ts';
import { jsonObject } from './json.ts';

const request: UpstreamRequest = {
  caller: { kind: 'application', appId: 'a', tenantId: 't', permissions: [], personal: false },
  callerToken: '',
  requestId: '74c63e85-95a4-4e70-adc2-ae60662e5511',
  clientRequestId: '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
  headers: {},
  deadlineAtMs: performance.now() + 10_000,
  signal: new AbortController().signal,
  trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
};

it('closing the audit of writes waits for the outcomes of requests that the client has cut off', async () => {
  const folder = new AuditFolder();
  const pipe = new NamedPipe(folder.file);
  const alarm = new AuditAlarm(
    createLog('silent'),
    new Metrics(new InFlight(), () => Promise.resolve(undefined)),
  );
  const audit = new WriteAudit(new AuditFile(folder.file), alarm);
  const client = new GraphClient({
    baseUrl: 'http://127.0.0.1:1/v1.0',
    credential: new FixedToken('x'),
    attemptTimeoutMs: 1000,
    mailbox: { concurrency: 4, queueLimit: 0, lingerMs: 0 },
    addressSchema: 'documented',
    writeInterceptor: audit,
  });
  const customer = parseCustomer({ displayName: 'x' });
  const creating = expect(client.createCustomer(BUSINESS, customer, request)).rejects.toThrow();
  // The intent is written once the pipe is read. Closing waits for the write.
  const closing = client.close().then(() => audit.close());
  for (let turns = 0; turns < 10; turns += 1) await turn();
  const [intent = ''] = await pipe.lines(1);
  await closing;
  expect([jsonObject(intent), jsonObject(pipe.now())]).toMatchObject([
    { record: 'intent' },
    { record: 'outcome', outcome: 'not-sent' },
  ]);
  await creating;
  await pipe.close();
});
