import type { IncomingMessage, ServerResponse } from 'node:http';

/** The percent-encoded path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '/';
  const end = target.indexOf('?');
  return end < 0 ? target : target.slice(0, end);
}

/** The decoded query of a request. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  const target = request.url ?? '/';
  const start = target.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : target.slice(start + 1));
}

/** The body as UTF-8 text. Rejects if the client disconnects before its end. */
export async function readText(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Sends JSON, for paths outside Graph. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
