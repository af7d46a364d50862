type EventLevel = 'debug' | 'info' | 'warn' | 'error';

interface Event {
  readonly message: string;
  /** The first one is the usual one. */
  readonly levels: readonly [EventLevel, ...EventLevel[]];
  /** Needs a person. */
  readonly alarm?: string;
  readonly meaning: string;
  /** What an operator does. */
  readonly action: string;
}

/** Every event of the log. A test compares this with docs/logs.md. */
export const EVENTS = {
  request: {
    message: 'request',
    levels: ['info', 'debug', 'error'],
    meaning: 'a request has ended; `error` with status 5xx, `debug` for probes',
    action: 'with 5xx see [error budget](runbook/error-budget.md)',
  },
  audit: {
    message: 'audit',
    levels: ['info'],
    meaning: 'a record of the [audit](audit.md), with `audit: true`, at every `LOG_LEVEL`',
    action: 'keep it as long as the audit',
  },
  listening: {
    message: 'listening',
    levels: ['info'],
    meaning: 'the process takes requests',
    action: 'nothing',
  },
  misspeltSetting: {
    message: 'a name looks like a misspelt setting',
    levels: ['warn'],
    meaning: 'the environment has a name that is no setting',
    action: 'correct the name, or remove it',
  },
  storeNotAvailable: {
    message: 'the store is not available yet',
    levels: ['warn'],
    meaning: 'the process starts without its store, and creates with a key are refused',
    action: 'see [store away](runbook/store-away.md)',
  },
  logLevel: {
    message: 'the log level has changed',
    levels: ['info'],
    meaning: 'SIGUSR2 has arrived',
    action: 'nothing',
  },
  draining: {
    message: 'draining',
    levels: ['info'],
    meaning: 'a signal ends the process',
    action: 'nothing',
  },
  stopped: {
    message: 'stopped',
    levels: ['info', 'error'],
    meaning: 'the process ends; `error` when requests were cut off',
    action: 'with `error` raise `SHUTDOWN_GRACE_MS`',
  },
  ready: {
    message: 'ready',
    levels: ['info'],
    meaning: '`/readyz` is ready again',
    action: 'nothing',
  },
  degraded: {
    message: 'degraded',
    levels: ['warn'],
    meaning: 'some requests are refused, or the limit of mailboxes is not shared',
    action: 'correct what `event.reason` names',
  },
  notReady: {
    message: 'not ready',
    levels: ['warn'],
    meaning: '`/readyz` answers 503',
    action: 'correct what `event.reason` names',
  },
  accessFile: {
    message: 'the business access file is in force',
    levels: ['info'],
    meaning: 'the start has read it',
    action: 'nothing',
  },
  accessFileChanged: {
    message: 'a new version of the business access file is in force',
    levels: ['info'],
    meaning: 'a change is valid',
    action: 'nothing',
  },
  accessFileInvalid: {
    message: 'the business access file is invalid, its last valid version stays in force',
    levels: ['error'],
    alarm: 'business-access',
    meaning: 'a change is not valid; `bookings.faults` names each fault',
    action: 'correct the file',
  },
  credentialFileChanged: {
    message: 'a new version of the file with the credential is in use',
    levels: ['info'],
    meaning: 'a token is requested with the new secret or certificate',
    action: 'nothing',
  },
  credentialFileInvalid: {
    message: 'the file with the credential cannot be used, its last usable version stays in use',
    levels: ['error'],
    alarm: 'credential-file',
    meaning: 'a changed secret or certificate cannot be used; `error.message` says why',
    action: 'correct the file, see [secrets](operations/secrets.md)',
  },
  consent: {
    message: 'no consent to call Graph on behalf of a user',
    levels: ['error'],
    alarm: 'consent',
    meaning: 'the proxy may not call Graph on behalf of a user',
    action: 'grant admin consent to its application',
  },
  graphIdentity: {
    message: 'no token for Graph',
    levels: ['error'],
    alarm: 'graph-identity',
    meaning: "the proxy's own identity is refused",
    action: 'run `--check --online`',
  },
  keySet: {
    message: 'the key set of the token issuers cannot be read',
    levels: ['error'],
    alarm: 'key-set',
    meaning: 'tokens with an unknown key get 503; `error.message` says why',
    action: 'see [key set stale](runbook/key-set-stale.md)',
  },
  keySetAgain: {
    message: 'the key set of the token issuers can be read again',
    levels: ['info'],
    meaning: 'the alarm `key-set` is over',
    action: 'nothing',
  },
  permits: {
    message: 'the permits of mailboxes',
    levels: ['info', 'warn'],
    meaning: 'the process uses mailboxes in another way; `warn` unless it is `shared`',
    action: 'see [limit not shared](runbook/limit-not-shared.md)',
  },
  permitsPolled: {
    message:
      'LISTEN does not work on the connection to PostgreSQL, as behind a pooler: the permits of mailboxes are polled',
    levels: ['warn'],
    meaning: 'permits work, with more statements',
    action: 'nothing, or connect without the pooler',
  },
  tracesNotExported: {
    message: 'traces cannot be exported, and some are lost',
    levels: ['warn'],
    meaning: 'the collector is away, slow or refuses; `error.message` says why',
    action: 'see [tracing](tracing.md#when-the-collector-is-away)',
  },
  tracesExportedAgain: {
    message: 'traces are exported again',
    levels: ['info'],
    meaning: 'the collector takes traces again',
    action: 'nothing',
  },
  auditOutcomeLost: {
    message: 'an outcome could not be audited',
    levels: ['error'],
    alarm: 'audit-outcome',
    meaning: 'the audit lacks an outcome; `bookings.lost` has it',
    action: 'see [audit failing](runbook/audit-failing.md)',
  },
  auditKeyLost: {
    message: 'a record of an Idempotency-Key was lost',
    levels: ['error'],
    alarm: 'audit-key',
    meaning: 'the audit lacks a record of a key; `bookings.lost` has it',
    action: 'see [audit failing](runbook/audit-failing.md)',
  },
  storeRestored: {
    message:
      'the audit names keys that the store does not have: creates with a key are looked up first',
    levels: ['warn'],
    alarm: 'store-restored',
    meaning: 'the store is older than the audit, so it is under guard until `bookings.until`',
    action: 'see [store under guard](runbook/store-under-guard.md)',
  },
  recordDamaged: {
    message: 'the stored record of a create is damaged',
    levels: ['error'],
    alarm: 'idempotency-record',
    meaning: 'a record or its stored answer is damaged, and its caller gets 503',
    action: '[resolve `bookings.key_digest`](idempotency.md#keys-with-an-unknown-outcome)',
  },
} as const satisfies Record<string, Event>;

export type LogEvent = keyof typeof EVENTS;
/** The levels that an event may have. */
export type LevelOf<Name extends LogEvent> = (typeof EVENTS)[Name]['levels'][number];
