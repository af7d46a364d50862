import { type ClientRequest, type IncomingMessage, get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

export interface FetchLimits {
  /** From the connection to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The answer has another status than 200. */
export class UnexpectedStatus extends Error {
  override readonly name = 'UnexpectedStatus';

  constructor(readonly status: number) {
    super(`it answered with status ${status}`);
  }
}

/** The answer is larger than it may be. */
export class FetchedTooMuch extends Error {
  override readonly name = 'FetchedTooMuch';

  constructor(maxBytes: number) {
    super(`it answered with more than ${maxBytes} bytes`);
  }
}

/**
 * The text of a 200 response. Redirects are not followed. Uses `node:http`, because `fetch` accepts
 * compressed responses.
 *
 * @throws UnexpectedStatus, FetchedTooMuch, or the error of the connection
 */
export async function fetchText(url: string, limits: FetchLimits): Promise<string> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const get = url.startsWith('https:') ? getHttps : getHttp;
  const request = get(url, { headers: { accept: 'application/json' }, signal, agent: false });
  try {
    const response = await responseTo(request);
    if (response.statusCode !== 200) throw new UnexpectedStatus(response.statusCode ?? 0);
    return await readText(response, limits.maxBytes);
  } finally {
    request.destroy();
  }
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
}

async function readText(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new FetchedTooMuch(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
