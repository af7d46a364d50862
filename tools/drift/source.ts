import { createReadStream } from 'node:fs';
import { boundedPieces, MAX_BYTES, TooLarge } from '../bounded-text.ts';
import { CommandError } from '../pact/command-error.ts';

/** A document cannot be compared. The message has one line: the cause, and what to do. */
export class CouldNotCompare extends CommandError {
  constructor(message: string) {
    super(`Could not compare: ${message}`, 2);
  }
}

/**
 * The text of a URL or a file, in pieces.
 *
 * @param timeoutMs for a URL with its whole body
 * @throws CouldNotCompare if it cannot be read, is too large or is not UTF-8
 */
export async function* readSource(source: string, timeoutMs: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const chunks = isUrl(source) ? await fetched(source, timeoutMs) : createReadStream(source);
    for await (const piece of boundedPieces(chunks, MAX_BYTES)) {
      yield decoder.decode(piece, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (error instanceof TooLarge) {
      throw new CouldNotCompare(
        `${source} cannot be read: ${error.message}; check that it is the right document`,
      );
    }
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new CouldNotCompare(`${source} is not UTF-8 text; unpack it, or save it as UTF-8`);
    }
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

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** In one line. What `fetch` throws has the reason in its cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const inner = cause instanceof Error && cause.message !== '' ? cause.message : error.message;
  return inner.replaceAll(/\s+/g, ' ');
}
