export interface FetchLimits {
  /** From the connection to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The text of a 200 response. Redirects are not followed. */
export async function fetchText(url: string, limits: FetchLimits): Promise<string> {
  const { status, body } = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(limits.timeoutMs),
  });
  if (status === 200) return body ? readText(body, limits.maxBytes) : '';
  await body?.cancel();
  throw new Error(`answered ${status}`);
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
