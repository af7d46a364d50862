import { RecordReader } from './record-reader.ts';

/** The contents of a token. All members have defaults. */
export interface CallerTokenRequest {
  /** `aud`; default `api://bookings-proxy`. */
  readonly audience?: string | undefined;
  /** `tid`, which is also in `iss`; default the tenant of the fake. */
  readonly tenantId?: string | undefined;
  /** Application permissions, or with `scopes` the app roles of a user. */
  readonly roles?: readonly string[] | undefined;
  /** Delegated permissions, which make it a user's token. A string is used unchanged. */
  readonly scopes?: readonly string[] | string | undefined;
  /** The calling application: `azp`, or `appid` in a token of version 1.0. */
  readonly appId?: string | undefined;
  /** `oid` of the user or of the application's service principal. */
  readonly objectId?: string | undefined;
  /** Seconds until `exp`; default 3599. With a negative number the token has expired. */
  readonly lifetimeSeconds?: number | undefined;
  /** Seconds from now to `nbf`; default `iat`. */
  readonly notBeforeSeconds?: number | undefined;
  /** Token version; default `2.0`. */
  readonly version?: '1.0' | '2.0' | undefined;
  /** Override the claims. `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Overrides the header. The signature is always RS256. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** A token for Graph: version 1.0, and `aud` defaults to the address of the fake. */
export type GraphTokenRequest = Omit<CallerTokenRequest, 'version'>;

/** Reads the body of `POST /__fake/tokens`. @throws TypeError with the wrong member */
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
