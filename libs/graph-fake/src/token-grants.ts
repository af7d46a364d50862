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

/** The scopes of OpenID Connect, which belong to no resource. */
const OPENID_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

/** The authenticated client, and the resources for which it may request tokens. */
export interface GrantContext {
  readonly issuer: TokenIssuer;
  readonly client: RegisteredClient;
  readonly resources: readonly string[];
}

/** "OAuth 2.0 client credentials flow": the token has all granted permissions. */
export function clientCredentials(form: URLSearchParams, context: GrantContext): string {
  const scope = required(form, 'scope');
  if (!scope.endsWith('/.default')) {
    throw new TokenRefusal('invalid_scope', 1002012, 'The scope must end with /.default.');
  }
  // The page of the flow allows only one resource.
  const audience = knownResource(scope.slice(0, -'/.default'.length), context);
  const { clientId: appId, roles } = context.client;
  return context.issuer.issue({ version: '1.0', audience, appId, roles });
}

/** "OAuth 2.0 On-Behalf-Of flow": the token is for the user of `assertion`. */
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
    // `.default` depends on consent, which the fake does not model. It uses the scopes of the user's
    // token. A named permission is granted.
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
    // The flow supports only users. The number for an app-only assertion is inferred.
    throw new TokenRefusal('invalid_grant', 50013, 'Assertion is not a token of a user.');
  }
  const bookingsScopes = scp.split(' ').filter((name) => bookingsPermissions.includes(name));
  return { objectId: oid, tenantId: tid, bookingsScopes };
}

function requestedScopes(scope: string, context: GrantContext) {
  const scopes = scope.split(' ').filter((item) => item !== '' && !OPENID_SCOPES.includes(item));
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

/** A required parameter of the form. */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== '') return value;
  throw new TokenRefusal('invalid_request', undefined, `The request body must contain '${name}'.`);
}
