import { EventEmitter, once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { isObject } from '@bookings/domain';
import { jsonObject } from './json.ts';
import { close, listen } from './local-server.ts';
import { onTeardown } from './teardown.ts';

type Attributes = Readonly<Record<string, string | number>>;

/** A span as it was exported. */
export interface ExportedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** A number of OpenTelemetry's: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly startNs: bigint;
  readonly isError: boolean;
  readonly attributes: Attributes;
}

/** A collector that receives OTLP over HTTP in JSON. */
export class OtlpCollector {
  /** The bodies that have arrived. */
  readonly bodies: string[] = [];
  readonly paths: string[] = [];
  /** Number of requests whose senders still wait for a response. */
  pending = 0;
  readonly #arrivals = new EventEmitter();
  readonly #server = createServer((request, response) => {
    this.pending += 1;
    response.once('close', () => (this.pending -= 1));
    this.paths.push(`${request.method ?? ''} ${request.url ?? ''}`);
    void text(request).then((body) => {
      this.bodies.push(body);
      this.#arrivals.emit('arrival');
      this.respond(response);
    });
  });

  constructor(
    private readonly respond = (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    },
  ) {}

  /** @returns the settings of a proxy that exports to it */
  async start(): Promise<Record<string, string>> {
    const port = await listen(this.#server);
    onTeardown(() => close(this.#server));
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  }

  /** Waits until `count` exports have arrived. */
  async arrived(count: number): Promise<void> {
    while (this.bodies.length < count) await once(this.#arrivals, 'arrival');
  }

  /** Attributes of the process that has exported. */
  get resource(): Attributes {
    const [first = {}] = this.bodies.flatMap((body) => members(jsonObject(body), 'resourceSpans'));
    return attributesOf(isObject(first['resource']) ? first['resource'] : {});
  }

  /** In the order of their beginning. */
  get spans(): readonly ExportedSpan[] {
    const spans = this.bodies
      .flatMap((body) => members(jsonObject(body), 'resourceSpans'))
      .flatMap((resource) => members(resource, 'scopeSpans'))
      .flatMap((scope) => members(scope, 'spans'))
      .map(spanOf);
    return spans.sort((one, other) => Number(one.startNs - other.startNs));
  }

  /** The spans of a trace, one a line, each indented below its parent. */
  tree(traceId: string, describe: (span: ExportedSpan) => string): string[] {
    const ofTrace = this.spans.filter((span) => span.traceId === traceId);
    const known = new Set(ofTrace.map(({ spanId }) => spanId));
    const below = (parents: readonly ExportedSpan[], indent: string): string[] =>
      parents.flatMap((parent) => [
        `${indent}${describe(parent)}`,
        ...below(
          ofTrace.filter(({ parentSpanId }) => parentSpanId === parent.spanId),
          `${indent}  `,
        ),
      ]);
    return below(
      ofTrace.filter(({ parentSpanId }) => !known.has(parentSpanId)),
      '',
    );
  }
}

function spanOf(span: Record<string, unknown>): ExportedSpan {
  const { name, traceId, spanId, parentSpanId = '', kind, startTimeUnixNano, status } = span;
  return {
    name: String(name),
    traceId: String(traceId),
    spanId: String(spanId),
    parentSpanId: String(parentSpanId),
    kind: Number(kind),
    startNs: BigInt(String(startTimeUnixNano)),
    isError: isObject(status) && status['code'] === 2,
    attributes: attributesOf(span),
  };
}

function attributesOf(owner: Record<string, unknown>): Attributes {
  return Object.fromEntries(
    members(owner, 'attributes').map(({ key, value }) => [
      String(key),
      isObject(value) ? textOrNumber(Object.values(value)[0]) : '',
    ]),
  );
}

/** The settings and the code make no other values. */
function textOrNumber(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}

function members(owner: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const list = owner[name];
  return Array.isArray(list) ? list.filter(isObject) : [];
}
