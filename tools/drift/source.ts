import { createReadStream } from 'node:fs';
import { CommandError } from '../pact/command-error.ts';

/** A document cannot be compared. The message has one line: the cause, and what to do. */
export class CouldNotCompare extends CommandError {
  constructor(message: string) {
    super(`Could not compare: ${message}`, 2);
  }
}

/** Graph's metadata has about 4 MB. */
export const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The text of a URL or a file, in pieces.
 *
 * @param timeoutMs for a URL with its whole body
 * @throws CouldNotCompare if it cannot be read, is too large or is not UTF-8
 */
export async function* readSource(source: string, timeoutMs: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    const chunks = isUrl(source) ? await fetched(source, timeoutMs) : createReadStream(source);
    for await (const chunk of chunks) {
      const piece: unknown = chunk;
      if (!(piece instanceof Uint8Array)) throw new TypeError('expected bytes');
      bytes += piece.byteLength;
      if (bytes > MAX_BYTES) {
        throw new CouldNotCompare(
          `${source} has more than ${MAX_BYTES / 1024 / 1024} MiB; check that it is the right document`,
        );
      }
      yield decoder.decode(piece, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CouldNotCompare(`${source} cannot be read: ${causeOf(error)}; ${remedy(source)}`);
  }
}

function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

async function fetched(url: string, timeoutMs: number): Promise<AsyncIterable<unknown>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (response.status !== 200 || response.body === null) {
    throw new CouldNotCompare(`${url} answered ${response.status}; check the address`);
  }
  return response.body;
}

function remedy(source: string): string {
  return isUrl(source) ? 'check the network, or give a file instead' : 'check the path';
}

/** In one line. What `fetch` throws has the reason in its cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const inner = cause instanceof Error && cause.message !== '' ? cause.message : error.message;
  return inner.replaceAll(/\s+/g, ' ');
}
