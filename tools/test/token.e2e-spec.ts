import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { run } from './command.ts';

describe('npm run token', () => {
  it.each<[string, RequestListener, RegExp]>([
    ['nothing', () => undefined, /^Nothing answers at /],
    [
      'too much',
      (_request, response) => response.end('{"access_token":"x"}'.padEnd(17 * 1024 * 1024)),
      /^The fake Graph answered 200 and no token\.\n$/,
    ],
  ])('fails where the fake sends %s', async (_title, listener, expected) => {
    const fake = createServer(listener).listen(0, '127.0.0.1');
    await once(fake, 'listening');
    const address = fake.address();
    const env = {
      GRAPH_FAKE_PORT: String(typeof address === 'object' && address ? address.port : 0),
      NODE_OPTIONS: '--conditions=@bookings/source',
    };
    const ended = await run('token.ts', ['--roles', 'BookingsAppointment.ReadWrite.All'], env);
    fake.close();
    fake.closeAllConnections();
    expect(ended).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(expected) });
  });
});
