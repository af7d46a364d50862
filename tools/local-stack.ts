import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import customer from '@bookings/domain/documented-customer.json' with { type: 'json' };
import { fakePort } from './local-ports.mjs';

/** Holds the address of the fake of the running stack, for other commands. */
const RUNNING_FILE = join(import.meta.dirname, '../var/local-stack.json');

/** Notes where the fake listens, until the process exits. */
export function noteRunningFake(url: string): void {
  // An earlier stack of this folder keeps its note.
  const { pid } = readRunning();
  // In a container, the id may be this process's own.
  if (pid !== undefined && pid !== process.pid && isRunning(pid)) return;
  mkdirSync(join(RUNNING_FILE, '..'), { recursive: true });
  writeFileSync(RUNNING_FILE, JSON.stringify({ fake: url, pid: process.pid }));
  process.once('exit', () => {
    // Another stack may run meanwhile.
    if (readRunning().pid === process.pid) rmSync(RUNNING_FILE, { force: true });
  });
}

/** Where the fake listens: as `GRAPH_FAKE_PORT` says, else as the running stack noted. */
export function fakeUrl(env: NodeJS.ProcessEnv): string {
  const running = env['GRAPH_FAKE_PORT'] === undefined ? readRunning().fake : undefined;
  return running ?? `http://127.0.0.1:${fakePort(env)}`;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function readRunning(): { fake?: string; pid?: number } {
  try {
    const note: unknown = JSON.parse(readFileSync(RUNNING_FILE, 'utf8'));
    if (typeof note !== 'object' || note === null) return {};
    return {
      ...('fake' in note && typeof note.fake === 'string' && { fake: note.fake }),
      ...('pid' in note && typeof note.pid === 'number' && { pid: note.pid }),
    };
  } catch {
    // No stack is running.
    return {};
  }
}

/** The booking business in the example of the page "Create bookingCustomer". */
export const DOCUMENTED_BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';

/** The request body of that page, and the file that has it. */
export const DOCUMENTED_CUSTOMER_FILE = join(
  import.meta.dirname,
  '../libs/domain/src/model/documented-customer.json',
);
export const DOCUMENTED_CUSTOMER = customer;
