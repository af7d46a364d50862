import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject } from '@bookings/domain';
import { StoreUnusable } from './store.ts';

const SECRET_BYTES = 32;

/**
 * The secret of a SQLite file, which lies beside it, readable by its owner alone; made together with
 * the file.
 *
 * @param path of the SQLite file
 * @throws StoreUnusable when the file is there and its secret is not, or is none
 */
export async function secretBeside(path: string): Promise<string> {
  const secretPath = `${path}.secret`;
  const found = await textOf(secretPath);
  if (found !== undefined) return checked(found, secretPath);
  if (await holdsAnything(path)) {
    throw new StoreUnusable(
      `the secret of ${path} is gone: put ${secretPath} back, or STATE_SECRET; without it nothing that is remembered can be read, and the file has to be removed`,
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await make(secretPath);
  return checked((await textOf(secretPath)) ?? '', secretPath);
}

/** Whole or not at all, and never in the place of one that another process has just made. */
async function make(secretPath: string): Promise<void> {
  const draft = `${secretPath}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(SECRET_BYTES).toString('base64url')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, secretPath).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
}

function checked(text: string, secretPath: string): string {
  const secret = text.trim();
  if (secret.length >= SECRET_BYTES) return secret;
  throw new StoreUnusable(`${secretPath} holds no secret`);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function holdsAnything(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return isObject(error) ? error['code'] : undefined;
}
