import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { GraphFake } from '@bookings/graph-fake';
import { ALERTS, ALERTS_TEST, complaintsAboutAlerts } from './alerts.ts';
import { AuditFolder } from './audit-folder.ts';
import { graphError, resetAfter, respond, throttle } from './faults.ts';
import { HAS_PROMTOOL, complaintsOf } from './promtool.ts';
import { ReplyServer } from './security/reply-server.ts';
import { Stack } from './stack.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { newUser, refuseToken } from './token-faults.ts';

const HEALTHY_MINUTES = 3;
const always = { times: 1_000_000 };

interface Fault {
  readonly stack: () => Stack;
  /** Begins the fault. */
  readonly begin?: (stack: Stack) => unknown;
  /** The requests of a minute. */
  readonly minute?: (stack: Stack) => Promise<unknown>;
  /** For how long it lasts. */
  readonly minutes: number;
}

const folder = () => join(temporaryFolder(), 'var');
const together = (count: number, stack: Stack) =>
  Promise.all(Array.from({ length: count }, () => stack.create()));
const create = (stack: Stack) => together(4, stack);

// The clock of the process can be moved forward.
const realNow = performance.now.bind(performance);
let aheadMs = 0;
afterEach(() => {
  jest.restoreAllMocks();
});

let keyServer: ReplyServer;
/** A token with a key that is in no key set, for which the key set is fetched. */
let foreignToken = '';
async function ownKeyServer(fake: GraphFake) {
  const stranger = await GraphFake.start();
  onTeardown(() => stranger.close());
  foreignToken = await stranger.issueToken({});
  keyServer = await ReplyServer.start({ body: await (await fetch(fake.jwksUrl)).text() });
  return { AUTH_JWKS_URL: keyServer.url };
}

const audit = new AuditFolder();
const store = folder();
const FAULTS: Readonly<Record<string, Fault>> = {
  BookingsGraphAway: {
    stack: () => new Stack(),
    begin: ({ fake }) => {
      fake.script([respond(503, graphError('ServiceUnavailable'), always)]);
    },
    minute: create,
    minutes: 8,
  },
  BookingsMailboxThrottled: {
    stack: () => new Stack(),
    begin: ({ fake }) => {
      fake.script([throttle(always.times)]);
    },
    minute: create,
    minutes: 10,
  },
  BookingsUnknownOutcomes: {
    stack: () => new Stack(),
    begin: async (stack) => {
      stack.fake.script([resetAfter()]);
      await stack.create();
    },
    minutes: 20,
  },
  BookingsStoreAway: {
    stack: () => new Stack({ STATE_URL: `sqlite:${join(store, 'state.db')}` }),
    begin: async (stack) => {
      await rename(store, `${store}-removed`);
      await stack.metricIs('bookings_store_up', 0);
    },
    minutes: 5,
  },
  BookingsAuditFailing: {
    stack: () => new Stack({ AUDIT_FILE: audit.file }),
    begin: async (stack) => {
      await audit.clear();
      await symlink('/dev/full', audit.file);
      await stack.create();
    },
    minutes: 3,
  },
  BookingsTokenRefused: {
    stack: () => new Stack(),
    begin: ({ fake }) => {
      fake.script([refuseToken(50_013, always)]);
    },
    minute: async (stack) => stack.create({ token: await newUser(stack) }),
    minutes: 12,
  },
  BookingsKeySetStale: {
    stack: () => new Stack(ownKeyServer),
    begin: () => {
      jest.spyOn(performance, 'now').mockImplementation(() => realNow() + aheadMs);
      keyServer.reply = { status: 500 };
    },
    minute: (stack) => {
      aheadMs += 60_000;
      return stack.create({ token: foreignToken });
    },
    minutes: 40,
  },
  BookingsSaturated: {
    stack: () => new Stack({ MAILBOX_CONCURRENCY: '1', MAILBOX_QUEUE_LIMIT: '1' }, { workMs: 20 }),
    minute: (stack) => together(6, stack),
    minutes: 12,
  },
};

describe('promtool', () => {
  const test = HAS_PROMTOOL ? it : it.skip;

  test('accepts the alerts, and their unit tests pass', () => {
    expect(complaintsOf('check', 'rules', ALERTS)).toBe('');
    expect(complaintsOf('test', 'rules', ALERTS_TEST)).toBe('');
  });

  test.each(Object.entries(FAULTS))(
    'finds %s alone when its fault is there',
    async (name, fault) => {
      const stack = fault.stack();
      await stack.start();
      const scrapes: string[] = [];
      const scrape = async () => scrapes.push((await stack.get('/metrics')).text);
      while (scrapes.length < HEALTHY_MINUTES) {
        await stack.create();
        await scrape();
      }
      expect(complaintsAboutAlerts(scrapes, [])).toBe('');
      await fault.begin?.(stack);
      while (scrapes.length < HEALTHY_MINUTES + fault.minutes) {
        await fault.minute?.(stack);
        await scrape();
      }
      expect(complaintsAboutAlerts(scrapes, [name])).toBe('');
      await stack.stop();
    },
  );
});
