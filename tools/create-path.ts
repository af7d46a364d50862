// The files of the application and its libraries that take part in one create, without and with an
// idempotency key: those in which V8 sees a function run between the request and its answer. Prints
// the files, their number and their lines on stderr, and judges nothing.
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { registerHooks } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { transformFileSync } from '@swc/core';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { apiEnvironment, ready } from './local-api.ts';
import { DOCUMENTED_BUSINESS, DOCUMENTED_CUSTOMER } from './local-stack.ts';
import { helpIfAsked } from './usage.ts';

helpIfAsked('Usage: node tools/create-path.ts [--port 3998]');

const ROOT = join(import.meta.dirname, '..');
const API = join(ROOT, 'apps/api/src');
const { values } = parseArgs({ options: { port: { type: 'string', default: '3998' } } });
const URL_OF_API = `http://127.0.0.1:${values.port}`;

// The application runs from its source, in this process. The libraries run from their builds,
// which have one file per source file.
registerHooks({
  load(url, context, nextLoad) {
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (!path.startsWith(API)) return nextLoad(url, context);
    // Its types do not know `rewriteRelativeImportExtensions` yet, which .swcrc sets.
    const kept: object = { rewriteRelativeImportExtensions: false };
    const { code } = transformFileSync(path, {
      configFile: join(ROOT, '.swcrc'),
      jsc: { ...kept },
      sourceMaps: false,
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

interface FunctionCoverage {
  readonly functionName: string;
  readonly ranges: readonly { readonly count: number }[];
}
interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly FunctionCoverage[];
}

/** The source file of a script of this project that ran in production too; undefined for others. */
function sourceFile(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  const path = relative(ROOT, fileURLToPath(url));
  if (path.startsWith('apps/api/src/')) return path;
  const library = /^libs\/(domain|graph-client|idempotency)\/dist\/(.*)\.js$/.exec(path);
  return library ? `libs/${library[1]}/src/${library[2]}.ts` : undefined;
}

function filesThatRan(scripts: readonly ScriptCoverage[]): string[] {
  const ran = scripts.filter(({ functions }) =>
    functions.some(({ ranges }) => ranges.some(({ count }) => count > 0)),
  );
  return ran.map(({ url }) => sourceFile(url)).filter((path) => path !== undefined);
}

/** A message of a thread's inspector that answers `takePreciseCoverage`, or another command. */
interface ThreadAnswer {
  readonly id: number;
  readonly result: { readonly result?: readonly ScriptCoverage[] };
}

/** Function coverage of the threads that run when it starts: this one and that of the SQLite store. */
class Coverage {
  readonly #session = new Session();
  readonly #threads: string[] = [];
  readonly #answers = new Map<number, (result: readonly ScriptCoverage[]) => void>();
  #messages = 0;

  async start(): Promise<void> {
    this.#session.connect();
    this.#session.on('NodeWorker.attachedToWorker', ({ params }) => {
      this.#threads.push(params.sessionId);
    });
    this.#session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      // V8 defines the shape of its own messages.
      const { id, result } = JSON.parse(params.message) as ThreadAnswer;
      this.#answers.get(id)?.(result.result ?? []);
    });
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await this.#session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    await this.#askThreads('Profiler.enable');
    await this.#askThreads('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  }

  /** The files that ran since the last call. */
  async take(): Promise<string[]> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const ofThreads = await this.#askThreads('Profiler.takePreciseCoverage');
    return [...new Set(filesThatRan([...result, ...ofThreads]))].sort();
  }

  async #askThreads(method: string, params = {}): Promise<readonly ScriptCoverage[]> {
    const asked = this.#threads.map(async (sessionId) => {
      const id = (this.#messages += 1);
      const answered = new Promise<readonly ScriptCoverage[]>((resolve) => {
        this.#answers.set(id, resolve);
      });
      const message = JSON.stringify({ id, method, params });
      await this.#session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
      return await answered;
    });
    return (await Promise.all(asked)).flat();
  }
}

const fake = await GraphFake.start();
const authorization = `Bearer ${await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] })}`;

async function create(headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(
    `${URL_OF_API}/v1.0/solutions/bookingBusinesses/${DOCUMENTED_BUSINESS}/customers`,
    {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(DOCUMENTED_CUSTOMER),
    },
  );
  await answer.arrayBuffer();
  if (answer.status !== 201) throw new Error(`a create was answered with ${answer.status}`);
}

function report(kind: string, files: readonly string[]): void {
  const lines = files.map((path) => readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1);
  const sum = lines.reduce((total, count) => total + count, 0);
  const list = files.map((path, index) => `  ${String(lines[index]).padStart(4)} ${path}\n`);
  process.stderr.write(`${kind}: ${files.length} files, ${sum} lines\n${list.join('')}`);
}

const loaded: unknown = await import(join(API, 'bootstrap.ts'));
const serve = typeof loaded === 'object' && loaded && 'serve' in loaded ? loaded.serve : undefined;
if (typeof serve !== 'function') throw new Error('bootstrap.ts exports no serve()');
await Reflect.apply(serve, undefined, [
  { ...apiEnvironment(proxyEnvironment(fake), Number(values.port)), LOG_LEVEL: 'fatal' },
]);
await ready(URL_OF_API, new AbortController().signal);
// The first create fetches the keys and opens connections, which later ones find.
await create({ 'idempotency-key': 'first' });
const coverage = new Coverage();
await coverage.start();
await coverage.take();
await create();
report('a create without a key', await coverage.take());
await create({ 'idempotency-key': 'second' });
report('a create with a key', await coverage.take());
await fake.close();
process.kill(process.pid, 'SIGTERM');
