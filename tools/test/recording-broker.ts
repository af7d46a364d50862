import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { environment, index, pactResource, parsed } from './broker-resources.ts';

/** One request that arrived. */
export interface Arrived {
  readonly method: string;
  /** Decoded, with the query. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** Parsed JSON; undefined if it is invalid. */
  readonly body: unknown;
}

export interface BrokerBehaviour {
  /** The result of can-i-deploy; default true. */
  readonly deployable?: boolean;
  /** The accepted `Authorization`; default any. */
  readonly authorization?: string;
  /** Which requests get no response. */
  readonly silent?: (path: string) => boolean;
  /** The status for published pacts. */
  readonly publishStatus?: number;
  /** The address in the link for publishing; default its own. */
  readonly calls?: string;
  /** False refuses changes to pacticipants. */
  readonly administered?: boolean;
  /** The pacts by provider. */
  readonly pacts?: Readonly<Record<string, string>>;
  /** False: nothing is deployed or released. */
  readonly inUse?: boolean;
  /** The path of the broker at its host, as behind a gateway; default none. */
  readonly prefix?: string;
  /** False leaves out the path in links, as a broker does that does not know it; default true. */
  readonly knowsPrefix?: boolean;
  /** Answers instead of the recording broker; undefined leaves a request to it. */
  readonly answers?: (
    request: Arrived,
    base: string,
  ) => readonly [status: number, resource: unknown] | undefined;
  /** The status of a failing request; undefined for the others. */
  readonly fails?: (method: string, path: string) => number | undefined;
}

/**
 * A fake Pact broker that records the requests of the commands. Its responses repeat the
 * credentials, which a command must not print.
 */
export class RecordingBroker {
  readonly url: string;
  readonly arrived: Arrived[] = [];
  readonly close: () => Promise<void>;
  readonly #behaviour: BrokerBehaviour;
  /** The start of its links. */
  readonly #base: string;

  private constructor(origin: string, behaviour: BrokerBehaviour, close: () => Promise<void>) {
    const { prefix = '', knowsPrefix = true } = behaviour;
    this.url = origin + prefix;
    this.#base = knowsPrefix ? this.url : origin;
    this.#behaviour = behaviour;
    this.close = close;
  }

  static async start(behaviour: BrokerBehaviour = {}): Promise<RecordingBroker> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const broker = new RecordingBroker(`http://127.0.0.1:${port}`, behaviour, async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void text(request).then((body) => {
        broker.#respond(request, response, body);
      });
    });
    return broker;
  }

  /** The requests with a method and a path prefix. */
  sent(method: string, path: string): Arrived[] {
    return this.arrived.filter((each) => each.method === method && each.path.startsWith(path));
  }

  #respond(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { method = '', url = '', headers } = request;
    const { authorization } = headers;
    const { prefix = '', silent, fails, answers } = this.#behaviour;
    const { authorization: expected = authorization } = this.#behaviour;
    const whole = decodeURIComponent(url);
    const path = whole.startsWith(prefix) ? whole.slice(prefix.length) : '/outside';
    const arrived = { method, path, authorization, body: parsed(body) };
    this.arrived.push(arrived);
    if (silent?.(path)) return;
    const failure = expected === authorization ? fails?.(method, path) : 401;
    const [status, resource] =
      failure === undefined
        ? (answers?.(arrived, this.#base) ?? this.#resource(method, path, authorization))
        : ([failure, {}] as const);
    response.writeHead(status, { 'Content-Type': 'application/hal+json;charset=utf-8' });
    response.end(typeof resource === 'string' ? resource : JSON.stringify(resource));
  }

  #resource(
    method: string,
    path: string,
    authorization = '',
  ): readonly [status: number, resource: unknown] {
    const { administered = true, deployable = true, pacts = {} } = this.#behaviour;
    const { publishStatus = 200, inUse = true, calls = this.#base } = this.#behaviour;
    const here = this.#base + encodeURI(path);
    if (path === '/') return [200, index(this.#base, calls)];
    if (path.startsWith('/environments')) return [200, environment(this.#base, path, inUse)];
    if (path === '/contracts/publish') {
      const notices = [
        {
          type: publishStatus === 200 ? 'success' : 'error',
          text: `sent with ${authorization}`,
        },
      ];
      return [publishStatus, { notices, _embedded: {}, _links: {} }];
    }
    if (path.startsWith('/matrix')) {
      const summary = { deployable, reason: 'so it is', success: 1, failed: 0, unknown: 0 };
      return [
        200,
        { summary, notices: [{ type: 'info', text: `so it is, ${authorization}` }], matrix: [] },
      ];
    }
    const [, provider = ''] = /^\/pacts\/provider\/([^/]+)\/for-verification/.exec(path) ?? [];
    if (provider !== '') {
      const links = { self: { href: here } };
      return [200, { _embedded: { pacts: this.#toVerify(provider) }, _links: links }];
    }
    const [, pactOf = ''] = /^\/pacts\/provider\/([^/]+)\/consumer\/[^/]+$/.exec(path) ?? [];
    if (pactOf !== '') return [200, pactResource(this.#base, pactOf, pacts[pactOf] ?? '{}', here)];
    if (path.startsWith('/in-use/')) return [200, {}];
    if (/\/environment\/|\/verification-results/.test(path)) return [201, { _links: {} }];
    if (/^\/pacticipants\/[^/]+\/versions\/[^/]+$/.test(path)) {
      const record = (what: string) => [
        { name: 'production', href: `${here}/${what}/environment/1` },
      ];
      const links = {
        'pb:record-deployment': record('deployed-versions'),
        'pb:record-release': record('released-versions'),
      };
      return [200, { _links: { self: { href: here }, ...links } }];
    }
    if (method === 'PATCH' && !administered) return [403, { error: 'not for you' }];
    if (path.startsWith('/pacticipants')) {
      const version = { href: `${here}/branches/{branch}/versions/{version}`, templated: true };
      return [200, { _links: { self: { href: here }, 'pb:branch-version': version } }];
    }
    return [404, { error: `the recording broker has no ${method} ${path}` }];
  }

  #toVerify(provider: string): unknown[] {
    if (!Object.hasOwn(this.#behaviour.pacts ?? {}, provider)) return [];
    const href = `${this.#base}/pacts/provider/${provider}/consumer/any`;
    return [
      {
        verificationProperties: { pending: false, notices: [] },
        shortDescription: 'latest from main',
        _links: { self: { href, name: `Pact with ${provider}` } },
      },
    ];
  }
}
