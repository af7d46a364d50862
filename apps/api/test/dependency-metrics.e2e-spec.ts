import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AccessFile, accessJson } from './access-file.ts';
import { BUSINESS } from './documented.ts';
import { Stack } from './stack.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { newUser, refuseToken } from './token-faults.ts';

const US = { businesses: [BUSINESS] };

describe('the metrics of what the process depends on', () => {
  it('count requests for a token and their failures, but no tokens of the cache', async () => {
    const stack = await Stack.start();
    await stack.create();
    await stack.create();
    stack.fake.script([refuseToken(50_013)]);
    await stack.create({ token: await newUser(stack) });
    const requests = (result: string) =>
      stack.metric(`bookings_token_requests_total{result="${result}"}`);
    expect([await requests('succeeded'), await requests('failed')]).toEqual([1, 1]);
    await stack.stop();
  });

  it('have the age of the key set', async () => {
    const stack = await Stack.start();
    await stack.create();
    const first = await stack.metric('bookings_key_set_age_seconds');
    const second = await stack.metric('bookings_key_set_age_seconds');
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
    await stack.stop();
  });

  it('count the versions of the access file, and those that are not in force', async () => {
    const file = new AccessFile(US);
    const stack = await Stack.start({ BUSINESS_ACCESS_FILE: file.path });
    file.replace('{');
    await stack.lineWith('bookings.alarm', 'business-access');
    file.replace(accessJson(US, { ...US, appId: 'aaaaaaaa-0000-4000-8000-000000000001' }));
    await stack.lineWith('bookings.callers', 2);
    const reloads = (result: string) =>
      stack.metric(`bookings_access_file_reloads_total{result="${result}"}`);
    expect([await reloads('succeeded'), await reloads('failed')]).toEqual([1, 1]);
    await stack.stop();
  });

  it('say whether the store is up, and how long it took to answer', async () => {
    const folder = join(temporaryFolder(), 'var');
    const stack = await Stack.start({ STATE_URL: `sqlite:${join(folder, 'state.db')}` });
    expect(await stack.metric('bookings_store_up')).toBe(1);
    expect(await stack.metric('bookings_store_query_seconds')).toBeGreaterThan(0);
    await rename(folder, `${folder}-removed`);
    await stack.metricIs('bookings_store_up', 0);
    await stack.stop();
  });
});
