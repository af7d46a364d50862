import { beforeEach, describe, expect, it } from '@jest/globals';
import { Stack, useStack } from './stack.ts';
import { CLAIMS, PERSON, alarmsOf, newUser, refuseToken, written } from './token-faults.ts';

const stack = useStack();
beforeEach(() => {
  stack.logLines.length = 0;
});

describe('another refusal of Entra', () => {
  it.each([
    ['interaction_required', 50076],
    ['interaction_required', 50079],
    ['invalid_grant', 500133],
    ['invalid_grant', 99999],
  ])('of the user is 401 with its number in the log: %s %i', async (error, number) => {
    stack.fake.script([refuseToken(number, { error })]);
    const response = await stack.create({ token: await newUser(stack) });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('Bearer error="invalid_token"'),
    ]);
    const line = await stack.lineOf(response.headers.get('request-id'));
    expect(line).toMatchObject({
      'bookings.aadsts': number,
      'bookings.token_rule': `on-behalf-of: ${error} ${number}`,
    });
    expect(alarmsOf(stack)).toEqual([]);
    expect(written(stack, response)).not.toContain(PERSON);
  });

  it.each([
    [7000222, 401, 'invalid_client'],
    [700016, 400, 'unauthorized_client'],
    [500011, 400, 'invalid_resource'],
  ])('of the proxy is 502 with its number in the log: %i', async (number, status, error) => {
    stack.fake.script([refuseToken(number, { status, error })]);
    const response = await stack.create({ token: await newUser(stack) });
    expect([response.status, response.innerError['outcome']]).toEqual([502, 'not-sent']);
    expect(await stack.lineOf(response.headers.get('request-id'))).toMatchObject({
      'log.level': 'error',
      'http.response.status_code': 502,
      'bookings.aadsts': number,
    });
    expect(alarmsOf(stack)).toEqual([['graph-identity', number]]);
    expect(written(stack, response)).not.toContain(PERSON);
  });

  it.each([7000222, 65001, 53003])(
    'of client credentials is 502 with its number in the log, and no user is refused: %i',
    async (number) => {
      const other = await Stack.start();
      other.fake.script([refuseToken(number, { claims: CLAIMS })]);
      const response = await other.create();
      expect([response.status, response.innerError['outcome']]).toEqual([502, 'not-sent']);
      const line = await other.lineOf(response.headers.get('request-id'));
      expect(line).toMatchObject({
        'log.level': 'error',
        'bookings.token_kind': 'application',
        'bookings.aadsts': number,
      });
      const alarm = await other.lineWith('bookings.alarm', 'graph-identity');
      expect(alarm).toMatchObject({ 'log.level': 'error', 'bookings.aadsts': number });
      await other.stop();
      expect([response.text, ...other.logLines].join('\n')).not.toMatch(
        new RegExp(`"consent"|${PERSON}`),
      );
    },
  );
});
