import type { BlockList } from 'node:net';
import type { BusinessRules } from '../business-access/business-access-rules.ts';
import { businessRules } from './business-access.ts';
import { type CredentialConfig, readCredential } from './credential.ts';
import { type IdempotencyConfig, readIdempotency } from './idempotency.ts';
import { type SettingFault, SettingReader } from './setting-reader.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const ADDRESS_SCHEMAS = ['documented', 'v1.0'] as const;
/** An hour. Node's timers are limited to 31 bits of milliseconds. */
const MAX_DURATION_MS = 3_600_000;
const MAX_PORT = 65_535;

export interface AuthConfig {
  /** Accepted `iss`. `{tid}` stands for the token's tenant. */
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  readonly jwksUrl: string;
  /** Accepted tenants in lower case; empty when the issuers name them. */
  readonly tenants: readonly string[];
}

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
  /** The port of probes and metrics; undefined for `port`. */
  readonly managementPort: number | undefined;
  /** Whether `/docs` and `/openapi.json` are served. */
  readonly docs: boolean;
  readonly publicBaseUrl: string | undefined;
  readonly trustedProxies: BlockList;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly bodyLimitBytes: number;
  readonly auth: AuthConfig;
  /** Which caller may access which business; undefined without restrictions. */
  readonly businessRules: BusinessRules | undefined;
  readonly graph: GraphConfig;
  readonly idempotency: IdempotencyConfig;
  readonly auditFile: string | undefined;
  readonly shutdownGraceMs: number;
}

/** Every fault of the configuration. */
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
    port: read.integer('PORT', 0, MAX_PORT),
    managementPort: read.optionalInteger('MANAGEMENT_PORT', 0, MAX_PORT),
    docs: read.oneOf('DOCS', ['on', 'off']) !== 'off',
    publicBaseUrl: read.url('PUBLIC_BASE_URL'),
    trustedProxies: read.networks('TRUSTED_PROXIES'),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS) ?? 'info',
    bodyLimitBytes: read.integer('BODY_LIMIT_BYTES', 1024, 16_777_216),
    auth: auth(read),
    businessRules: businessRules(read),
    graph: graph(read),
    idempotency: readIdempotency(read),
    auditFile: read.appendableFile('AUDIT_FILE'),
    shutdownGraceMs: read.integer('SHUTDOWN_GRACE_MS', 0, MAX_DURATION_MS),
  };
  const { port, managementPort } = config;
  if (managementPort !== 0 && managementPort === port) {
    read.fault('MANAGEMENT_PORT', 'is the same as PORT', 'another port, or 0 for a free one');
  }
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
      'the tenants that {tid} in AUTH_ISSUERS may stand for',
    );
  }
  if (issuers.some((issuer) => /[{}]/.test(issuer.replaceAll('{tid}', '')))) {
    read.fault('AUTH_ISSUERS', 'contains an unknown placeholder', '{tid} as the only placeholder');
  }
  return {
    issuers,
    audiences: read.list('AUTH_AUDIENCES', 'comma-separated audiences'),
    jwksUrl: read.url('AUTH_JWKS_URL') ?? '',
    tenants: tenants.map((tenant) => tenant.toLowerCase()),
  };
}

function graph(read: SettingReader): GraphConfig {
  const baseUrl = read.url('GRAPH_BASE_URL');
  return {
    baseUrl: baseUrl ?? '',
    credential: readCredential(read, baseUrl),
    addressSchema: read.oneOf('GRAPH_ADDRESS_SCHEMA', ADDRESS_SCHEMAS) ?? 'documented',
    deadlineMs: read.integer('GRAPH_DEADLINE_MS', 1, MAX_DURATION_MS),
    attemptTimeoutMs: read.integer('GRAPH_ATTEMPT_TIMEOUT_MS', 1, MAX_DURATION_MS),
    mailbox: {
      concurrency: read.integer('MAILBOX_CONCURRENCY', 1, 1000),
      queueLimit: read.integer('MAILBOX_QUEUE_LIMIT', 0, 100_000),
    },
  };
}
