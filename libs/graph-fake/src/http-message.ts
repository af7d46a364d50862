import type { IncomingMessage, ServerResponse } from 'node:http';

/** The path of a request as it came, still percent-encoded, without its query. */
export function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '/';
  const end = target.indexOf('?');
  return end < 0 ? target : target.slice(0, end);
}

/** The query of a request, decoded. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  const target = request.url ?? '/';
  const start = target.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : target.slice(start + 1));
}

/** The whole body as UTF-8 text; rejects when the peer leaves before its end. */
export async function readText(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Answers with JSON, outside of Graph's paths. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
