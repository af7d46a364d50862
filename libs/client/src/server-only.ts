/** Global names that tell a browser from a server. */
export interface Runtime {
  readonly document?: unknown;
  readonly navigator?: unknown;
  readonly process?: unknown;
  readonly Deno?: unknown;
  readonly Bun?: unknown;
}

/**
 * The proxy sends no CORS headers, so that every request of a browser fails as a lost connection does,
 * and a create would be repeated for a minute.
 *
 * @throws Error in a page or a worker of a browser
 */
export function refuseBrowser(runtime: Runtime = globalThis): void {
  if (isServer(runtime) || !isBrowser(runtime)) return;
  throw new Error(
    'BookingsClient runs on servers only: call it from your own server, because the proxy refuses browsers and a page would show its token to every visitor.',
  );
}

/** Node, Deno and Bun, also with jsdom, which defines `window` and `document` there. */
function isServer({ process, Deno, Bun }: Runtime): boolean {
  // Bundlers give pages a `process` without the version of Node.
  const node = member(member(process, 'versions'), 'node');
  return typeof node === 'string' || Deno !== undefined || Bun !== undefined;
}

/** A worker of a browser has no document. Other runtimes call themselves by their own names. */
function isBrowser({ document, navigator }: Runtime): boolean {
  const agent = member(navigator, 'userAgent');
  return document !== undefined || (typeof agent === 'string' && agent.startsWith('Mozilla/'));
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
