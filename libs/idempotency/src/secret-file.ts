import { randomBytes, randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject } from '@bookings/domain';
import { StoreUnusable } from './store.ts';

const SECRET_BYTES = 32;
/** A wrong file must not become the secret. */
const MAX_FILE_BYTES = 65_536;

/**
 * Reads the secret from the file beside a SQLite file, and creates it for a new SQLite file. Only the
 * owner can read it.
 *
 * @param path of the SQLite file
 * @throws StoreUnusable when the SQLite file exists and its secret is missing, or the file holds none
 */
export async function readOrCreateSecret(path: string): Promise<string> {
  const secretPath = `${path}.secret`;
  const found = await readIfPresent(secretPath);
  if (found !== undefined) return validated(found, secretPath);
  if (await isNotEmpty(path)) {
    throw new StoreUnusable(
      `the secret of ${path} is gone: restore ${secretPath} or set STATE_SECRET; without it the store cannot be read: begin an empty store under guard, while no create is unknown, as docs/operations.md says in "After a restore"`,
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await createSecret(secretPath);
  return validated((await readIfPresent(secretPath)) ?? '', secretPath);
}

/** A link is atomic, and fails when another process has just created the file. */
async function createSecret(secretPath: string): Promise<void> {
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

function validated(text: string, secretPath: string): string {
  const secret = text.trim();
  if (secret.length >= SECRET_BYTES) return secret;
  throw new StoreUnusable(`${secretPath} holds no secret of at least ${SECRET_BYTES} characters`);
}

/** Why a file is not read as a secret, to follow its path. */
export function secretFileFault(stats: Stats): string | undefined {
  // A pipe or a device may never end.
  if (!stats.isFile()) return 'is not a file';
  return stats.size > MAX_FILE_BYTES ? 'is too large for a secret' : undefined;
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    const fault = secretFileFault(await stat(path));
    if (fault !== undefined) throw new StoreUnusable(`${path} ${fault}`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isNotEmpty(path: string): Promise<boolean> {
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
