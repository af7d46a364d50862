import { readFile, stat } from 'node:fs/promises';
import { isObject, MAX_CREDENTIAL_FILE_BYTES } from '@bookings/domain';
import { AuthenticationUnreadable } from './token-failure.ts';

/** @throws AuthenticationUnreadable */
export async function federatedToken(path: string): Promise<string> {
  const token = (await textOf(path)).trim();
  // Entra's refusal of an empty assertion would not name the file.
  if (token === '') throw unusable('is empty');
  return token;
}

async function textOf(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    // A pipe or a device may never end.
    if (!stats.isFile()) throw unusable('is not a file');
    if (stats.size > MAX_CREDENTIAL_FILE_BYTES) throw unusable('is too large');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof AuthenticationUnreadable) throw error;
    const code = isObject(error) && typeof error['code'] === 'string' ? ` (${error['code']})` : '';
    throw unusable(`cannot be read${code}`);
  }
}

function unusable(fault: string): AuthenticationUnreadable {
  return new AuthenticationUnreadable(`the file of the federated token ${fault}`);
}
