import { type ClientRequest, type IncomingMessage, get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

export interface FetchLimits {
  /** From the connection to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * The text at `url`, if it is answered with 200; redirects are not followed. By Node's own client:
 * loading `fetch` costs 4 MB of memory, for a request every ten minutes.
 */
export async function fetchText(url: string, limits: FetchLimits): Promise<string> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const get = url.startsWith('https:') ? getHttps : getHttp;
  const request = get(url, { headers: { accept: 'application/json' }, signal, agent: false });
  try {
    const response = await answerTo(request);
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode ?? 0}`);
    return await readText(response, limits.maxBytes);
  } finally {
    request.destroy();
  }
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
}

async function readText(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`answered more than ${maxBytes} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
