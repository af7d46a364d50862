import type { BlockList } from 'node:net';
import { type SettingFault, SettingReader, isLoopback } from './setting-reader.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const CREDENTIALS = [
  'client-secret',
  'client-certificate',
  'workload-identity',
  'managed-identity',
  'access-token',
] as const;
const ADDRESS_SCHEMAS = ['documented', 'v1.0'] as const;
/** Longest time that a setting may name: an hour. Timers count milliseconds in 31 bits. */
const MOST_MS = 3_600_000;

export interface AuthConfig {
  /** Accepted `iss`; `{tid}` stands for the token's own tenant. */
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  readonly jwksUrl: string;
  /** Accepted tenants, lower case; empty where the issuers name theirs. */
  readonly tenants: readonly string[];
}

/** The proxy's own identity towards Graph. */
export type CredentialConfig =
  | { readonly kind: 'access-token'; readonly token: string }
  | {
      readonly kind: 'client-secret';
      readonly authority: string;
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
    };

export interface GraphConfig {
  readonly baseUrl: string;
  readonly credential: CredentialConfig;
  readonly addressSchema: (typeof ADDRESS_SCHEMAS)[number];
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly mailbox: { readonly concurrency: number; readonly queueLimit: number };
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly publicBaseUrl: string | undefined;
  readonly trustedProxies: BlockList;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly bodyLimitBytes: number;
  readonly auth: AuthConfig;
  readonly graph: GraphConfig;
  readonly shutdownGraceMs: number;
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly SettingFault[]) {
    const lines = faults.map(
      ({ key, wrong, expected }) => `  ${key} ${wrong}; expected: ${expected}`,
    );
    super(`The configuration has ${faults.length} fault(s):\n${lines.join('\n')}`);
  }
}

/** @throws ConfigError that names every fault */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = new SettingReader(env);
  const config: Config = {
    host: read.text('HOST', 'an address to listen on') ?? '',
    port: read.integer('PORT', 0, 65_535),
    publicBaseUrl: read.url('PUBLIC_BASE_URL'),
    trustedProxies: read.networks('TRUSTED_PROXIES'),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS) ?? 'info',
    bodyLimitBytes: read.integer('BODY_LIMIT_BYTES', 1024, 16_777_216),
    auth: auth(read),
    graph: graph(read),
    shutdownGraceMs: read.integer('SHUTDOWN_GRACE_MS', 0, MOST_MS),
  };
  if (read.faults.length > 0) throw new ConfigError(read.faults);
  return config;
}

function auth(read: SettingReader): AuthConfig {
  const issuers = read.list('AUTH_ISSUERS', 'comma-separated issuers');
  const tenants = read.list('AUTH_TENANTS', 'comma-separated tenant ids');
  if (tenants.length === 0 && issuers.some((issuer) => issuer.includes('{tid}'))) {
    read.fault(
      'AUTH_TENANTS',
      'is missing',
      'the tenants for which {tid} in AUTH_ISSUERS may stand',
    );
  }
  if (issuers.some((issuer) => /[{}]/.test(issuer.replaceAll('{tid}', '')))) {
    read.fault(
      'AUTH_ISSUERS',
      'holds a placeholder that is not known',
      'issuers with {tid} at most',
    );
  }
  return {
    issuers,
    audiences: read.list('AUTH_AUDIENCES', 'comma-separated audiences'),
    jwksUrl: read.url('AUTH_JWKS_URL') ?? '',
    tenants: tenants.map((tenant) => tenant.toLowerCase()),
  };
}

function graph(read: SettingReader): GraphConfig {
  return {
    baseUrl: read.url('GRAPH_BASE_URL') ?? '',
    credential: credential(read),
    addressSchema: read.oneOf('GRAPH_ADDRESS_SCHEMA', ADDRESS_SCHEMAS) ?? 'documented',
    deadlineMs: read.integer('GRAPH_DEADLINE_MS', 1, MOST_MS),
    attemptTimeoutMs: read.integer('GRAPH_ATTEMPT_TIMEOUT_MS', 1, MOST_MS),
    mailbox: {
      concurrency: read.integer('MAILBOX_CONCURRENCY', 1, 1000),
      queueLimit: read.integer('MAILBOX_QUEUE_LIMIT', 0, 100_000),
    },
  };
}

function credential(read: SettingReader): CredentialConfig {
  const kind = read.oneOf('GRAPH_CREDENTIAL', CREDENTIALS);
  if (kind === 'client-secret') return clientSecret(read);
  if (kind !== undefined && kind !== 'access-token') {
    read.fault(
      'GRAPH_CREDENTIAL',
      'is not honoured by this version',
      'access-token, or client-secret with an authority on a loopback address',
    );
  }
  const expected = 'a bearer token of visible characters, because GRAPH_CREDENTIAL is access-token';
  const token = read.text('GRAPH_ACCESS_TOKEN', expected) ?? '';
  if (kind === 'access-token' && !/^[\x21-\x7e]+$/.test(token)) {
    read.fault('GRAPH_ACCESS_TOKEN', token === '' ? 'is missing' : 'is no bearer token', expected);
  }
  return { kind: 'access-token', token };
}

function clientSecret(read: SettingReader): CredentialConfig {
  const needed = (key: string) => {
    const expected = 'a value, because GRAPH_CREDENTIAL is client-secret';
    const faults = read.faults.length;
    const value = read.text(key, expected);
    if (value === undefined && read.faults.length === faults)
      read.fault(key, 'is missing', expected);
    return value ?? '';
  };
  needed('AZURE_AUTHORITY_HOST');
  const authority = read.url('AZURE_AUTHORITY_HOST') ?? '';
  if (authority !== '' && new URL(authority).pathname !== '/') {
    read.fault('AZURE_AUTHORITY_HOST', 'has a path', 'the address of a host alone');
  } else if (authority !== '' && !isLoopback(new URL(authority).hostname)) {
    const expected = 'a loopback address: identities at Entra itself are not supported yet';
    read.fault('AZURE_AUTHORITY_HOST', 'is not honoured by this version', expected);
  }
  return {
    kind: 'client-secret',
    authority,
    tenantId: needed('AZURE_TENANT_ID'),
    clientId: needed('AZURE_CLIENT_ID'),
    clientSecret: needed('AZURE_CLIENT_SECRET'),
  };
}
