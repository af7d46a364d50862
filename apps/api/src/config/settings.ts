/** One environment variable of the production process. A test compares this with the table in docs/configuration.md. */
export interface Setting {
  readonly key: string;
  /** `required`, `none`, or the default value. */
  readonly default: string;
  readonly meaning: string;
}

const setting = (key: string, defaultValue: string, meaning: string): Setting => ({
  key,
  default: defaultValue,
  meaning,
});

/** Settings of the interface that this version does not honour yet. Each is refused. */
export const UNSUPPORTED_SETTINGS = ['UNIQUE_LIST_MAX_AGE_MS'];

/** All settings. */
export const SETTINGS: readonly Setting[] = [
  setting('HOST', '127.0.0.1', 'listening address'),
  setting('PORT', '3000', 'listening port; `0` picks a free one'),
  setting(
    'PUBLIC_BASE_URL',
    'none',
    "the address callers use, for `Location` and `@odata.nextLink`; without it the request's `Host`, and `X-Forwarded-Proto` and `X-Forwarded-Host` when the peer is in `TRUSTED_PROXIES`",
  ),
  setting(
    'TRUSTED_PROXIES',
    '127.0.0.0/8,::1',
    'comma-separated networks whose forwarding headers count; `none` for none',
  ),
  setting('LOG_LEVEL', 'info', 'pino level at the start; SIGUSR2 switches it'),
  setting('BODY_LIMIT_BYTES', '65536', 'a larger request body gets 413'),
  setting(
    'AUTH_ISSUERS',
    'required',
    "comma-separated accepted `iss`; `{tid}` stands for the token's own `tid`",
  ),
  setting('AUTH_AUDIENCES', 'required', 'comma-separated accepted `aud`'),
  setting('AUTH_JWKS_URL', 'required', 'key set of the issuers'),
  setting(
    'AUTH_TENANTS',
    'none',
    'comma-separated accepted `tid`; required when an issuer contains `{tid}`',
  ),
  setting(
    'BUSINESS_ACCESS_FILE',
    'none',
    'JSON file that narrows callers to businesses and operations; without it every caller reaches every business',
  ),
  setting('GRAPH_BASE_URL', 'required', 'e.g. `https://graph.microsoft.com/v1.0`'),
  setting(
    'GRAPH_CREDENTIAL',
    'required',
    '`client-secret`, `client-certificate`, `workload-identity`, `managed-identity` or `access-token`',
  ),
  setting('AZURE_TENANT_ID', 'none', "the proxy's own tenant: its id or a domain of it"),
  setting(
    'AZURE_CLIENT_ID',
    'none',
    "the proxy's own application id; with `managed-identity` that of a user-assigned identity",
  ),
  setting('AZURE_CLIENT_SECRET', 'none', 'for `client-secret`'),
  setting(
    'AZURE_CLIENT_SECRET_FILE',
    'none',
    'for `client-secret`, in place of `AZURE_CLIENT_SECRET`: a file with the secret, read again for every token',
  ),
  setting(
    'AZURE_CLIENT_CERTIFICATE_PATH',
    'none',
    'for `client-certificate`: a PEM file with the certificate and its private key, read again for every token',
  ),
  setting(
    'AZURE_FEDERATED_TOKEN_FILE',
    'none',
    'for `workload-identity`: the file with the token that the platform renews, read again for every token',
  ),
  setting(
    'AZURE_AUTHORITY_HOST',
    'none',
    'where tokens come from; without it the authority of the cloud in which `GRAPH_BASE_URL` is',
  ),
  setting(
    'GRAPH_ACCESS_TOKEN',
    'none',
    'for `access-token`: one fixed bearer token sent upstream for every caller (trying things out, tests)',
  ),
  setting(
    'GRAPH_ADDRESS_SCHEMA',
    'documented',
    "`documented` forwards addresses as the operation's page shows them; `v1.0` drops `postOfficeBox` and `type`, which the v1.0 schema does not declare",
  ),
  setting('GRAPH_DEADLINE_MS', '20000', 'one deadline over waiting, every attempt and any lookup'),
  setting('GRAPH_ATTEMPT_TIMEOUT_MS', '10000', 'one attempt'),
  setting(
    'MAILBOX_CONCURRENCY',
    '4',
    'requests at a time towards one business, of all processes that share a `postgres://` state; of this process with `sqlite:`',
  ),
  setting(
    'MAILBOX_QUEUE_LIMIT',
    '64',
    'how many may wait for one business in one process before the next is shed with 429',
  ),
  setting(
    'MAILBOX_LINGER_MS',
    '5000',
    'how long a place stays taken after an attempt was given up without an answer, because Graph may still be working on it',
  ),
  setting(
    'REPLICAS',
    'none',
    'how many processes share the `postgres://` state, used only to split `MAILBOX_CONCURRENCY` while PostgreSQL is away; without it as many as `MAILBOX_CONCURRENCY`',
  ),
  setting(
    'STATE_URL',
    'sqlite:var/bookings-api.db',
    'where creates are remembered: `sqlite:PATH` (embedded) or `postgres://…` (shared by replicas)',
  ),
  setting(
    'STATE_SECRET',
    'none',
    'server secret that goes into the sealing of remembered answers, 16 characters at least; required with `postgres://`, with SQLite made at first start beside the file, readable by its owner alone',
  ),
  setting(
    'STATE_SECRET_PREVIOUS',
    'none',
    'the secret before the last rotation; opens a store that `STATE_SECRET` does not open yet',
  ),
  setting('IDEMPOTENCY_KEY', 'optional', '`required` refuses a create without the header'),
  setting('IDEMPOTENCY_RETENTION_HOURS', '24', 'how long a key is remembered'),
  setting(
    'IDEMPOTENCY_SETTLE_MS',
    '3000',
    'how long after a lost answer the list of customers is trusted to show what happened',
  ),
  setting(
    'AUDIT_FILE',
    'none',
    'JSON lines, an intent before and an outcome after each write; without it audit records go to the log with `audit: true`',
  ),
  setting(
    'SHUTDOWN_DELAY_MS',
    '0',
    'how long after SIGTERM requests are still accepted, while `/readyz` says 503 and answers carry `Connection: close`; for load balancers that take a moment to notice',
  ),
  setting('SHUTDOWN_GRACE_MS', '25000', 'how long running requests get after that'),
  setting(
    'MANAGEMENT_PORT',
    'none',
    'serves `/livez`, `/readyz` and `/metrics` on a port of their own (on `HOST`), and no longer on `PORT`; `0` picks a free one',
  ),
  setting('DOCS', 'on', '`off`: `/docs` and `/openapi.json` answer 404'),
  setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'none',
    'where traces are exported to (OTLP over HTTP, `/v1/traces` is added), http or https; without it OpenTelemetry is not loaded',
  ),
  setting(
    'OTEL_SERVICE_NAME',
    'none',
    '`service.name` of the traces; without it that of `OTEL_RESOURCE_ATTRIBUTES`, or `bookings-proxy`',
  ),
  setting(
    'OTEL_TRACES_SAMPLER',
    'parentbased_always_on',
    'which traces are exported: `always_on`, `always_off`, `traceidratio`, or one of them with `parentbased_` before it, which follows the caller',
  ),
  setting(
    'OTEL_TRACES_SAMPLER_ARG',
    'none',
    'for `traceidratio`: the share of traces, from 0 to 1 (without it 1)',
  ),
  setting(
    'OTEL_RESOURCE_ATTRIBUTES',
    'none',
    'comma-separated `name=value` pairs that describe the process in its traces',
  ),
];
