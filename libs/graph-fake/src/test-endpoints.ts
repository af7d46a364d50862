import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';
import { pathOf, readText, sendJson } from './http-message.ts';
import type { Journal } from './journal.ts';
import { readFaults } from './read-faults.ts';
import {
  type CallerTokenRequest,
  type GraphTokenRequest,
  readTokenRequest,
} from './token-request.ts';

/** What the endpoints under `/__fake` control. */
export interface TestControls {
  requests(): Journal;
  script(faults: readonly Fault[]): void;
  forget(): void;
  issueToken(request: CallerTokenRequest): Promise<string>;
  issueGraphToken(request: GraphTokenRequest): Promise<string>;
}

export function isTestEndpoint(path: string): boolean {
  return path === '/__fake' || path.startsWith('/__fake/');
}

/** Handles a request under `/__fake`. An invalid one gets 400 with the reason. */
export async function handleTestRequest(
  controls: TestControls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await readText(request);
  try {
    switch (`${request.method ?? ''} ${pathOf(request)}`) {
      case 'GET /__fake/requests':
        sendJson(response, 200, controls.requests());
        return;
      case 'PUT /__fake/faults':
        controls.script(readFaults(parse(text)));
        response.writeHead(204).end();
        return;
      case 'DELETE /__fake':
        controls.forget();
        response.writeHead(204).end();
        return;
      case 'POST /__fake/tokens':
        sendJson(response, 200, { access_token: await token(controls, text) });
        return;
      default:
        sendJson(response, 404, { error: 'no such test endpoint' });
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    sendJson(response, 400, { error: error.message });
  }
}

function token(controls: TestControls, text: string): Promise<string> {
  const { forGraph, request } = readTokenRequest(parse(text === '' ? '{}' : text));
  return forGraph ? controls.issueGraphToken(request) : controls.issueToken(request);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError('body: expected JSON', { cause });
  }
}
