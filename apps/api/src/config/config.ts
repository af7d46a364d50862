import type { BlockList } from 'node:net';
import type { BusinessAccessRules } from '../business-access/business-access-rules.ts';
import { readBusinessAccessRules } from './business-access.ts';
import { type CredentialConfig, readCredential } from './credential.ts';
import { type IdempotencyConfig, readIdempotency } from './idempotency.ts';
import { type SettingFault, SettingReader } from './setting-reader.ts';
import { UNSUPPORTED_SETTINGS } from './settings.ts';
import { type TracingConfig, readTracing } from './tracing.ts';

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
  /** How many processes share a `postgres://` state, at least. */
  readonly replicas: number;
  readonly mailbox: {
    readonly concurrency: number;
    readonly queueLimit: number;
    readonly lingerMs: number;
  };
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
  readonly businessAccessRules: BusinessAccessRules | undefined;
  readonly graph: GraphConfig;
  readonly idempotency: IdempotencyConfig;
  readonly auditFile: string | undefined;
  /** How long requests are accepted after SIGTERM before the drain begins. */
  readonly shutdownDelayMs: number;
  readonly shutdownGraceMs: number;
  /** Undefined when traces are not exported. */
  readonly tracing: TracingConfig | undefined;
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
  const reader = new SettingReader(env);
  const config: Config = {
    host: reader.text('HOST', 'an address to listen on') ?? '',
    port: reader.integer('PORT', 0, MAX_PORT),
    managementPort: reader.optionalInteger('MANAGEMENT_PORT', 0, MAX_PORT),
    docs: reader.oneOf('DOCS', ['on', 'off']) !== 'off',
    publicBaseUrl: reader.url('PUBLIC_BASE_URL'),
    trustedProxies: reader.networks('TRUSTED_PROXIES'),
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS) ?? 'info',
    bodyLimitBytes: reader.integer('BODY_LIMIT_BYTES', 1024, 16_777_216),
    auth: auth(reader),
    businessAccessRules: readBusinessAccessRules(reader),
    graph: readGraph(reader),
    idempotency: readIdempotency(reader),
    auditFile: reader.appendableFile('AUDIT_FILE'),
    shutdownDelayMs: reader.integer('SHUTDOWN_DELAY_MS', 0, MAX_DURATION_MS),
    shutdownGraceMs: reader.integer('SHUTDOWN_GRACE_MS', 0, MAX_DURATION_MS),
    tracing: readTracing(reader),
  };
  reader.readOthers();
  for (const key of UNSUPPORTED_SETTINGS.filter((each) => reader.has(each))) {
    reader.fault(key, 'is not supported by this version: remove it', 'no such setting');
  }
  const { port, managementPort } = config;
  if (managementPort !== 0 && managementPort === port) {
    reader.fault('MANAGEMENT_PORT', 'is the same as PORT', 'another port, or 0 for a free one');
  }
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  return config;
}

function auth(reader: SettingReader): AuthConfig {
  const issuers = reader.list(
    'AUTH_ISSUERS',
    'comma-separated issuers, with {tid} as the only placeholder',
  );
  const tenants = reader.list('AUTH_TENANTS', 'comma-separated tenant ids');
  if (tenants.length === 0 && issuers.some((issuer) => issuer.includes('{tid}'))) {
    reader.fault(
      'AUTH_TENANTS',
      'is missing',
      'the tenants that {tid} in AUTH_ISSUERS may stand for',
    );
  }
  return {
    issuers,
    audiences: reader.list('AUTH_AUDIENCES', 'comma-separated audiences'),
    jwksUrl: reader.url('AUTH_JWKS_URL', { isBase: false }) ?? '',
    tenants: tenants.map((tenant) => tenant.toLowerCase()),
  };
}

/** What access to Graph needs. */
export function readGraph(reader: SettingReader): GraphConfig {
  const baseUrl = reader.url('GRAPH_BASE_URL');
  if (baseUrl !== undefined && !/\/(?:v\d+\.\d+|beta)$/.test(baseUrl)) {
    const expected = 'an address with a version, such as https://graph.microsoft.com/v1.0';
    reader.fault('GRAPH_BASE_URL', 'has no version at its end', expected);
  }
  const concurrency = reader.integer('MAILBOX_CONCURRENCY', 1, 1000);
  return {
    baseUrl: baseUrl ?? '',
    credential: readCredential(reader, baseUrl),
    addressSchema: reader.oneOf('GRAPH_ADDRESS_SCHEMA', ADDRESS_SCHEMAS) ?? 'documented',
    deadlineMs: reader.integer('GRAPH_DEADLINE_MS', 1, MAX_DURATION_MS),
    attemptTimeoutMs: reader.integer('GRAPH_ATTEMPT_TIMEOUT_MS', 1, MAX_DURATION_MS),
    replicas: reader.optionalInteger('REPLICAS', 1, 1000) ?? concurrency,
    mailbox: {
      concurrency,
      queueLimit: reader.integer('MAILBOX_QUEUE_LIMIT', 0, 100_000),
      lingerMs: reader.integer('MAILBOX_LINGER_MS', 0, MAX_DURATION_MS),
    },
  };
}
