import { parseArgs } from 'node:util';
import type { GraphFake } from './graph-fake.ts';
import type { GraphFakeOptions } from './graph-fake-options.ts';
import { proxyEnvironment } from './proxy-environment.ts';
import { proxyClient } from './registered-client.ts';

/** The usage in one line. */
export const usage =
  'usage: graph-fake [--port 4010] [--host 127.0.0.1] [--business a@b]... [--id-shape guid|base64] [--client-secret S] [--work-ms 0]';

/**
 * Reads the options of the fake from the command line. The port defaults to `GRAPH_FAKE_PORT`, then
 * to 4010.
 *
 * @throws TypeError if an option is wrong
 */
export function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): GraphFakeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      business: { type: 'string', multiple: true },
      'id-shape': { type: 'string' },
      'client-secret': { type: 'string' },
      'work-ms': { type: 'string' },
    },
  });
  const idShape = values['id-shape'];
  if (idShape !== undefined && idShape !== 'guid' && idShape !== 'base64') {
    throw new TypeError(`--id-shape must be guid or base64, not ${idShape}`);
  }
  return {
    host: values.host,
    port:
      values.port === undefined
        ? readPort('GRAPH_FAKE_PORT', env['GRAPH_FAKE_PORT'] ?? '4010')
        : readPort('--port', values.port),
    businesses: values.business,
    idShape,
    clients: [proxyClient(values['client-secret'])],
    workMs: readWork(values['work-ms'] ?? '0'),
  };
}

function readPort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new TypeError(`${name} must be a number from 0 to 65535, not ${text}`);
}

function readWork(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new TypeError(`--work-ms must be a number of milliseconds, not ${text}`);
}

/** The address, and the environment variables for a proxy that uses the fake. */
export function describe(fake: GraphFake): string {
  const lines = Object.entries(proxyEnvironment(fake)).map(([key, value]) => `${key}=${value}`);
  return [`The fake Graph listens on ${fake.url}`, ...lines, ''].join('\n');
}
