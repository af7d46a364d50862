import {
  Client,
  type Context,
  type Middleware,
  MiddlewareFactory,
} from '@microsoft/microsoft-graph-client';

/**
 * Microsoft's SDK with another base URL, token and trusted host. The SDK sends tokens only over
 * https, so the last handler replaces the gateway that terminates TLS in front of the proxy.
 */
export function graphSdk(publicUrl: string, proxyUrl: string, token: string): Client {
  const handlers: Middleware[] = [
    ...MiddlewareFactory.getDefaultMiddlewareChain({
      getAccessToken: () => Promise.resolve(token),
    }).slice(0, -1),
    { execute: (context) => throughGateway(context, publicUrl, proxyUrl) },
  ];
  handlers.forEach((handler, index) => {
    const next = handlers[index + 1];
    if (next) handler.setNext?.(next);
  });
  const [first] = handlers;
  if (!first) throw new TypeError('the SDK has no handlers');
  const customHosts = new Set([new URL(publicUrl).hostname]);
  return Client.initWithMiddleware({ middleware: first, baseUrl: publicUrl, customHosts });
}

async function throughGateway(
  context: Context,
  publicUrl: string,
  proxyUrl: string,
): Promise<void> {
  const request: unknown = context.request;
  const url = request instanceof Request ? request.url : String(request);
  if (!url.startsWith(`${publicUrl}/`)) throw new TypeError(`unexpected host: ${url}`);
  context.response = await fetch(url.replace(publicUrl, proxyUrl), context.options);
}
