import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { passingFolder } from './passing-folder.ts';
import type { Placement } from './placement.ts';
import { Server, type ServerPlan } from './server.ts';
import { AUDIENCE, ISSUER, ROLE } from './tokens.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The production build, within a workspace. */
export const PRODUCTION = 'apps/api/dist/main.js';
const MAIN = join(ROOT, PRODUCTION);
const UPSTREAM_TOKEN = 'upstream-token';

/** Installs the peers where their lock has changed, and compiles the one that has decorators. */
export function preparePeers(): void {
  command(process.execPath, ['../ensure-install.mjs', '--quiet'], HERE);
  const swc = join(ROOT, 'node_modules/@swc/cli/bin/swc.js');
  const options = [
    '-d',
    'build',
    '--strip-leading-paths',
    '--quiet',
    '--config-file',
    '../../.swcrc',
  ];
  command(process.execPath, [swc, 'peers', ...options], HERE);
}

export function command(file: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(file, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} failed`);
}

export interface ProxyOptions {
  readonly main?: string;
  readonly state?: string;
  readonly env?: ServerPlan['env'];
}

/** Where the servers of one run of the benchmark are, and how they are started. */
export class Stand {
  readonly #placement: Placement;
  readonly #port: number;
  readonly #keySet: string;
  readonly #flags: readonly string[];

  /** @param flags for Node, of the proxy alone */
  constructor(placement: Placement, port: number, keySet: string, flags: readonly string[]) {
    this.#flags = flags;
    this.#placement = placement;
    this.#port = port;
    this.#keySet = keySet;
  }

  upstream(program: 'upstream.ts' | 'faulty-upstream.ts' = 'upstream.ts'): Promise<Server> {
    return Server.start({
      name: 'straight',
      command: [process.execPath, join(HERE, program)],
      port: this.#port,
      env: { KEY_SET: this.#keySet },
      ready: { path: '/keys', status: 200 },
    });
  }

  /**
   * The production build at `main`, configured as in production but for the addresses.
   *
   * @param state path of its SQLite file
   * @param env what is different in its environment
   */
  proxy(
    name: string,
    offset: number,
    { main = MAIN, state = newState(), env = {} }: ProxyOptions = {},
  ): Promise<Server> {
    return this.#proxy(name, offset, [main], { STATE_URL: `sqlite:${state}`, ...env });
  }

  /** Leaves a `.cpuprofile` in `folder` when it stops. */
  profiledProxy(offset: number, folder: string): Promise<Server> {
    return this.#proxy('proxy', offset, ['--cpu-prof', `--cpu-prof-dir=${folder}`, MAIN]);
  }

  peer(name: 'bare' | 'fastify' | 'nest', offset: number): Promise<Server> {
    const file = { bare: 'peers/bare.ts', fastify: 'peers/fastify.ts', nest: 'build/nest/main.js' }[
      name
    ];
    const args = [join(HERE, file)];
    // It has no such path: that it says so, or passes on that the upstream says so, is enough.
    return this.#server(
      name,
      offset,
      [...this.#flags, ...args],
      { path: '/ready', status: 404 },
      {
        UPSTREAM_URL: this.#url,
        UPSTREAM_TOKEN,
        KEY_SET_URL: `${this.#url}/keys`,
        ISSUER,
        AUDIENCE,
        ROLE,
      },
    );
  }

  #proxy(
    name: string,
    offset: number,
    args: readonly string[],
    env: ServerPlan['env'] = { STATE_URL: `sqlite:${newState()}` },
  ): Promise<Server> {
    return this.#server(
      name,
      offset,
      [...this.#flags, ...args],
      { path: '/readyz', status: 200 },
      {
        AUTH_ISSUERS: ISSUER,
        AUTH_AUDIENCES: AUDIENCE,
        AUTH_JWKS_URL: `${this.#url}/keys`,
        GRAPH_BASE_URL: `${this.#url}/v1.0`,
        GRAPH_CREDENTIAL: 'access-token',
        GRAPH_ACCESS_TOKEN: UPSTREAM_TOKEN,
        ...env,
      },
    );
  }

  #server(
    name: string,
    offset: number,
    args: readonly string[],
    ready: ServerPlan['ready'],
    env: ServerPlan['env'],
  ): Promise<Server> {
    const command = this.#placement.ofServer([process.execPath, ...args]);
    return Server.start({ name, command, port: this.#port + offset, env, ready });
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }
}

/** Path of a SQLite file that is not there yet. */
export function newState(): string {
  return join(passingFolder('state'), 'state.db');
}
