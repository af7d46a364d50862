import { errors, type JWTPayload } from 'jose';
import type { RegisteredClient } from './registered-client.ts';
import type { TokenIssuer } from './token-issuer.ts';
import { TokenRefusal } from './token-refusal.ts';

/** The delegated Bookings permissions of Graph's permissions reference. */
const bookingsPermissions: readonly string[] = [
  'Bookings.Read.All',
  'BookingsAppointment.ReadWrite.All',
  'Bookings.ReadWrite.All',
  'Bookings.Manage.All',
];

/** Scopes of OpenID Connect, of no resource: clients ask for them beside those of one. */
const OF_SIGN_IN: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

/** What a grant works with: an authenticated client and the resources it may ask tokens for. */
export interface GrantContext {
  readonly issuer: TokenIssuer;
  readonly client: RegisteredClient;
  readonly resources: readonly string[];
}

/** "OAuth 2.0 client credentials flow": all the permissions that the application was granted. */
export function clientCredentials(form: URLSearchParams, context: GrantContext): string {
  const scope = required(form, 'scope');
  if (!scope.endsWith('/.default')) {
    throw new TokenRefusal('invalid_scope', 1002012, 'The scope must end with /.default.');
  }
  // The flow's page allows one resource only; two scopes are no known resource either.
  const audience = knownResource(scope.slice(0, -'/.default'.length), context);
  const { clientId: appId, roles } = context.client;
  return context.issuer.issue({ version: '1.0', audience, appId, roles });
}

/** "OAuth 2.0 On-Behalf-Of flow": the user of `assertion`, reached through the client. */
export async function onBehalfOf(form: URLSearchParams, context: GrantContext): Promise<string> {
  if (required(form, 'requested_token_use') !== 'on_behalf_of') {
    throw new TokenRefusal(
      'invalid_request',
      undefined,
      'requested_token_use must be on_behalf_of.',
    );
  }
  const user = await verifiedUser(required(form, 'assertion'), context);
  const { audience, permissions } = requestedScopes(required(form, 'scope'), context);
  return context.issuer.issue({
    version: '1.0',
    audience,
    appId: context.client.clientId,
    // What `.default` gives depends on consent, which the fake does not know: it takes what the
    // user's own token names. A permission asked for by name is given as asked.
    scopes: permissions.flatMap((name) => (name === '.default' ? user.bookingsScopes : [name])),
    objectId: user.objectId,
    tenantId: user.tenantId,
  });
}

async function verifiedUser(assertion: string, context: GrantContext) {
  let claims: JWTPayload;
  try {
    claims = await context.issuer.verify(assertion, [
      context.client.audience,
      context.client.clientId,
    ]);
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    const expired = cause instanceof errors.JWTExpired;
    throw new TokenRefusal('invalid_grant', expired ? 500133 : 50013, 'Assertion is not valid.');
  }
  const { scp, oid, tid } = claims;
  if (typeof scp !== 'string' || typeof oid !== 'string' || typeof tid !== 'string') {
    // The flow works for user principals only; the number for an app-only assertion is inferred.
    throw new TokenRefusal('invalid_grant', 50013, 'Assertion is not a token of a user.');
  }
  const bookingsScopes = scp.split(' ').filter((name) => bookingsPermissions.includes(name));
  return { objectId: oid, tenantId: tid, bookingsScopes };
}

function requestedScopes(scope: string, context: GrantContext) {
  const scopes = scope.split(' ').filter((item) => item !== '' && !OF_SIGN_IN.includes(item));
  const split = scopes.map((item) => {
    const end = item.lastIndexOf('/');
    return { resource: item.slice(0, Math.max(end, 0)), permission: item.slice(end + 1) };
  });
  const [first] = split;
  const valid = ({ resource, permission }: { resource: string; permission: string }) =>
    resource === first?.resource &&
    (permission === '.default' || bookingsPermissions.includes(permission));
  if (first === undefined || !split.every(valid)) {
    throw new TokenRefusal('invalid_scope', 70011, 'The scope is not valid.');
  }
  return {
    audience: knownResource(first.resource, context),
    permissions: split.map(({ permission }) => permission),
  };
}

function knownResource(resource: string, context: GrantContext): string {
  if (context.resources.includes(resource)) return resource;
  throw new TokenRefusal('invalid_resource', 500011, 'The resource is not found in the tenant.');
}

/** A parameter of the form; without it the request is refused. */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== '') return value;
  throw new TokenRefusal('invalid_request', undefined, `The request body must contain '${name}'.`);
}
