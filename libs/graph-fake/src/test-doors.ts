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

/** What the doors under `/__fake` open to. */
export interface Scene {
  requests(): Journal;
  script(faults: readonly Fault[]): void;
  forget(): void;
  issueToken(request: CallerTokenRequest): Promise<string>;
  issueGraphToken(request: GraphTokenRequest): Promise<string>;
}

export function isTestDoor(path: string): boolean {
  return path === '/__fake' || path.startsWith('/__fake/');
}

/** Answers a request under `/__fake`; what it cannot read gets 400 with the reason. */
export async function openTestDoor(
  scene: Scene,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await readText(request);
  try {
    switch (`${request.method ?? ''} ${pathOf(request)}`) {
      case 'GET /__fake/requests':
        sendJson(response, 200, scene.requests());
        return;
      case 'PUT /__fake/faults':
        scene.script(readFaults(parse(text)));
        response.writeHead(204).end();
        return;
      case 'DELETE /__fake':
        scene.forget();
        response.writeHead(204).end();
        return;
      case 'POST /__fake/tokens':
        sendJson(response, 200, { access_token: await token(scene, text) });
        return;
      default:
        sendJson(response, 404, { error: 'no such test door' });
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    sendJson(response, 400, { error: error.message });
  }
}

function token(scene: Scene, text: string): Promise<string> {
  const { forGraph, request } = readTokenRequest(parse(text === '' ? '{}' : text));
  return forGraph ? scene.issueGraphToken(request) : scene.issueToken(request);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError('body: expected JSON', { cause });
  }
}
