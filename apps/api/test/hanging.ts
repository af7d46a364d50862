import { mkdtemp, open, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { NamedPipe } from '../src/audit/named-pipe.fixture.ts';
import type { PostgresServer } from '@bookings/idempotency/testing';
import { SilentServer } from './silent-server.ts';
import { type Answer, Stack } from './stack.ts';

/** The proxy beside something that hangs. */
export interface Hanging {
  readonly stack: Stack;
  /** What the answer of `/readyz` holds meanwhile. */
  readonly says: string;
  readonly hang: () => Promise<void> | void;
  readonly release: () => Promise<void> | void;
  /** How often it was asked; undefined where that cannot be told from outside. */
  readonly asked?: () => number;
  /** Whether it is being asked; undefined where that cannot be told from outside. */
  readonly isAsked?: () => boolean;
  /** When the proxy has stopped. */
  readonly cleanUp: () => Promise<void> | void;
}

export const isReady = ({ body }: Answer): boolean =>
  body['status'] === 'ready' && body['degraded'] === undefined;

/** PostgreSQL, behind a relay that counts the transactions that are begun. */
export async function postgres(server: PostgresServer): Promise<Hanging> {
  const url = new URL(await server.createDatabase());
  const port = Number(url.port);
  const sockets = new Set<Socket>();
  let begun = 0;
  const relay = createServer((socket) => {
    const behind = connect(port, '127.0.0.1');
    for (const end of [socket, behind]) {
      sockets.add(end);
      end
        .on('error', () => undefined)
        .on('close', () => {
          socket.destroy();
          behind.destroy();
        });
    }
    socket.on('data', (bytes: Buffer) => {
      begun += bytes.toString('latin1').split('BEGIN').length - 1;
    });
    socket.pipe(behind).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  url.port = String(typeof address === 'object' ? address?.port : 0);
  const cleanUp = () => {
    relay.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    stack: await Stack.start({ STATE_URL: url.href, STATE_SECRET: 'a secret of the tests' }),
    says: 'creates with an Idempotency-Key are refused: the store cannot be used in time',
    hang: () => server.freeze(),
    release: () => {
      server.thaw();
    },
    asked: () => begun,
    cleanUp,
  };
}

export async function sqlite(): Promise<Hanging> {
  const folder = await mkdtemp(join(tmpdir(), 'probes-'));
  const cleanUp = () => rm(folder, { recursive: true });
  const path = join(folder, 'state.db');
  const stack = await Stack.start({ STATE_URL: `sqlite:${path}` });
  await stack.readyWhen(isReady);
  const other = new DatabaseSync(path);
  return {
    stack,
    says: 'creates with an Idempotency-Key are refused: the store cannot be used in time',
    hang: () => {
      other.exec('BEGIN IMMEDIATE');
    },
    release: () => {
      other.close();
    },
    cleanUp,
  };
}

export async function auditFile(): Promise<Hanging> {
  const folder = await mkdtemp(join(tmpdir(), 'probes-'));
  const cleanUp = () => rm(folder, { recursive: true });
  const { path } = new NamedPipe(join(folder, 'audit.jsonl'));
  return {
    stack: await Stack.start({ AUDIT_FILE: path }),
    says: 'writes are refused: the audit file cannot be written in time',
    hang: () => undefined,
    release: async () => {
      const reader = await open(path, 'r+');
      await rm(path);
      await reader.close();
    },
    cleanUp,
  };
}

/** What the setting `key` names answers nothing from the start. */
export const silent = (key: string, says: string) => async (): Promise<Hanging> => {
  const behind = new SilentServer();
  const stack = await Stack.start({ [key]: await behind.start() });
  const { fake } = stack;
  return {
    stack,
    says,
    hang: () => undefined,
    release: () => {
      behind.speak((path) => (key === 'AUTH_JWKS_URL' ? fake.jwksUrl : `${fake.url}${path}`));
    },
    asked: () => behind.asked,
    isAsked: () => behind.waiting > 0,
    cleanUp: () => behind.stop(),
  };
};
