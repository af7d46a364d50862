import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PostgresServer } from '@bookings/idempotency/testing';
import { NamedPipe } from '../src/audit/named-pipe.fixture.ts';
import { type ProxyResponse } from './proxy-client.ts';
import { SilentServer } from './silent-server.ts';
import { Stack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';
import { temporaryFolder, stateUrl } from './temporary-folder.ts';

/** The proxy with a dependency that hangs. */
export interface HangingDependency {
  readonly stack: Stack;
  /** Part of the response of `/readyz` while it hangs. */
  readonly message: string;
  readonly hang: () => Promise<void> | void;
  readonly release: () => Promise<void> | void;
  /** Number of requests that it has received, where the test can count them. */
  readonly requestCount?: () => number;
  /** Whether a request to it is pending, where the test can see that. */
  readonly isPending?: () => boolean;
}

const STORE_MESSAGE =
  'creates with an Idempotency-Key are refused: the store cannot be used in time';

export const isReady = ({ body }: ProxyResponse): boolean =>
  body['status'] === 'ready' && body['degraded'] === undefined;

/** PostgreSQL behind a relay that counts transactions. */
export async function postgres(server: PostgresServer): Promise<HangingDependency> {
  let transactions = 0;
  const relay = new TcpRelay((bytes) => {
    transactions += bytes.toString('latin1').split('BEGIN').length - 1;
  });
  const STATE_URL = await relay.start(await server.createDatabase());
  return {
    stack: await Stack.start({ STATE_URL, STATE_SECRET: 'a secret of the tests' }),
    message: STORE_MESSAGE,
    hang: () => server.freeze(),
    release: () => {
      server.thaw();
    },
    requestCount: () => transactions,
  };
}

/** A SQLite file that another connection locks. */
export async function sqlite(): Promise<HangingDependency> {
  const { stack, lock } = await lockableSqlite();
  return {
    stack,
    message: STORE_MESSAGE,
    hang: () => {
      lock.exec('BEGIN IMMEDIATE');
    },
    release: () => {
      lock.close();
    },
  };
}

/** The proxy with a SQLite file, and another connection to the file. */
export async function lockableSqlite(): Promise<{ stack: Stack; lock: DatabaseSync }> {
  const STATE_URL = stateUrl();
  const stack = await Stack.start({ STATE_URL });
  await stack.readyWhen(isReady);
  return { stack, lock: new DatabaseSync(STATE_URL.slice('sqlite:'.length)) };
}

export async function auditFile(): Promise<HangingDependency> {
  const { path } = new NamedPipe(join(temporaryFolder(), 'audit.jsonl'));
  return {
    stack: await Stack.start({ AUDIT_FILE: path }),
    // The probe of the file and the shared probe of readiness end at about the same time.
    message: 'writes are refused: the audit',
    hang: () => undefined,
    release: async () => {
      const reader = await open(path, 'r+');
      await rm(path);
      await reader.close();
    },
  };
}

/** A server that `setting` names and that does not respond from the start. */
export const silent =
  (setting: string, message: string) => async (): Promise<HangingDependency> => {
    const server = new SilentServer();
    const stack = await Stack.start({ [setting]: await server.start() });
    const { fake } = stack;
    return {
      stack,
      message,
      hang: () => undefined,
      release: () => {
        server.forward((path) =>
          setting === 'AUTH_JWKS_URL' ? fake.jwksUrl : `${fake.url}${path}`,
        );
      },
      requestCount: () => server.received,
      isPending: () => server.pending > 0,
    };
  };
