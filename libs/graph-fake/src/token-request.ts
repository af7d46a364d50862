import { RecordReader } from './record-reader.ts';

/** What a token shall say; every member has a default. */
export interface CallerTokenRequest {
  /** `aud`; default `api://bookings-proxy`. */
  readonly audience?: string | undefined;
  /** `tid`, which is also in `iss`; default the fake's own tenant. */
  readonly tenantId?: string | undefined;
  /** Application permissions, or a user's app roles when there are `scopes` too. */
  readonly roles?: readonly string[] | undefined;
  /** Delegated permissions; a string is taken as it is. With them it is a user's token. */
  readonly scopes?: readonly string[] | string | undefined;
  /** The calling application: `azp`, or `appid` in a token of version 1.0. */
  readonly appId?: string | undefined;
  /** `oid` of the user or of the application's service principal. */
  readonly objectId?: string | undefined;
  /** Seconds until `exp`; default 3599. A negative number makes a token that is expired already. */
  readonly lifetimeSeconds?: number | undefined;
  /** Seconds from now to `nbf`; default: as `iat`. */
  readonly notBeforeSeconds?: number | undefined;
  /** Token version; default `2.0`. */
  readonly version?: '1.0' | '2.0' | undefined;
  /** Merged over the claims last; `undefined` removes a claim. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Merged over the header last; the signature stays RS256 whatever `alg` says here. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** As a caller's token, but for Graph itself: always version 1.0, `aud` defaults to the fake's root. */
export type GraphTokenRequest = Omit<CallerTokenRequest, 'version'>;

/** What `POST /__fake/tokens` takes; throws a `TypeError` that names the wrong member. */
export function readTokenRequest(input: unknown): {
  readonly forGraph: boolean;
  readonly request: CallerTokenRequest;
} {
  const reader = new RecordReader(input, 'token');
  const forGraph = reader.optionalOneOf('resource', ['graph']) !== undefined;
  const request: CallerTokenRequest = {
    audience: reader.optionalText('audience'),
    tenantId: reader.optionalText('tenantId'),
    roles: reader.optionalTexts('roles'),
    scopes:
      typeof reader.any('scopes') === 'string'
        ? reader.optionalText('scopes')
        : reader.optionalTexts('scopes'),
    appId: reader.optionalText('appId'),
    objectId: reader.optionalText('objectId'),
    lifetimeSeconds: reader.optionalInteger('lifetimeSeconds'),
    notBeforeSeconds: reader.optionalInteger('notBeforeSeconds'),
    version: reader.optionalOneOf('version', ['1.0', '2.0']),
    claims: reader.optionalRecord('claims'),
    header: reader.optionalRecord('header'),
  };
  reader.refuseOthers();
  return { forGraph, request };
}
