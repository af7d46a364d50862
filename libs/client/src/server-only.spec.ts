import { describe, expect, it } from '@jest/globals';
import { type Runtime, refuseBrowser } from './server-only.ts';

const window = {};
const document = {};
const chrome = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0' };

describe('the client', () => {
  it.each<[string, Runtime & { window?: object }]>([
    ['a page', { window, document, navigator: chrome }],
    ['a page of an old browser', { window, document }],
    ['a page with the process of a bundler', { document, process: { env: {}, versions: {} } }],
    ['a worker', { navigator: chrome }],
  ])('is refused in %s', (_title, runtime) => {
    expect(() => {
      refuseBrowser(runtime);
    }).toThrow(/^BookingsClient runs on servers only: [^.]+\.$/);
  });

  it.each<[string, Runtime & { window?: object }]>([
    ['Node', { process, navigator: { userAgent: 'Node.js/24' } }],
    ['Node 20, which has no navigator', { process: { versions: { node: '20.20.2' } } }],
    ['Node with jsdom', { process, window, document, navigator: chrome }],
    ['Deno 1, which has a window', { Deno: {}, window, navigator: { userAgent: 'Deno/1.46' } }],
    ['Bun with happy-dom', { Bun: {}, window, document, navigator: chrome }],
    ['an edge runtime', { navigator: { userAgent: 'Cloudflare-Workers' } }],
    ['this process', globalThis],
  ])('runs in %s', (_title, runtime) => {
    expect(() => {
      refuseBrowser(runtime);
    }).not.toThrow();
  });
});
