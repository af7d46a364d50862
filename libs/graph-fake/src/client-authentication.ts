import { X509Certificate } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { RegisteredClient } from './registered-client.ts';
import { required } from './token-grants.ts';
import type { TokenIssuer } from './token-issuer.ts';
import { TokenRefusal } from './token-refusal.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** `aud` of an exchanged token (Microsoft: workload identity federation). */
export const FEDERATION_AUDIENCE = 'api://AzureADTokenExchange';

/** Authenticates the client of a token request by its secret or by an assertion. */
export async function authenticatedClient(
  form: URLSearchParams,
  clients: readonly RegisteredClient[],
  issuer: TokenIssuer,
): Promise<RegisteredClient> {
  const clientId = required(form, 'client_id').toLowerCase();
  const client = clients.find((candidate) => candidate.clientId.toLowerCase() === clientId);
  if (client === undefined) {
    throw new TokenRefusal('unauthorized_client', 700016, 'The application is not found.');
  }
  if (form.has('client_assertion')) {
    if (required(form, 'client_assertion_type') !== ASSERTION_TYPE) {
      throw new TokenRefusal('invalid_request', undefined, 'The assertion type is unknown.');
    }
    await verifyAssertion(required(form, 'client_assertion'), client, issuer);
  } else if (!secretsOf(client).includes(form.get('client_secret') ?? '')) {
    throw new TokenRefusal('invalid_client', 7000215, 'Invalid client secret provided.');
  }
  return client;
}

const secretsOf = ({ clientSecret, others }: RegisteredClient) =>
  [clientSecret, others?.clientSecret].filter((each) => each !== undefined);
const certificatesOf = ({ certificate, others }: RegisteredClient) =>
  [certificate, others?.certificate].filter((each) => each !== undefined);

async function verifyAssertion(
  assertion: string,
  client: RegisteredClient,
  issuer: TokenIssuer,
): Promise<void> {
  const checks = [
    () => federated(assertion, client, issuer),
    ...certificatesOf(client).map(
      (certificate) => () => signedBy(certificate, assertion, client, issuer),
    ),
  ];
  for (const check of checks) {
    try {
      if (await check()) return;
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError)) throw cause;
    }
  }
  throw new TokenRefusal('invalid_client', undefined, 'The client assertion is not valid.');
}

async function federated(
  assertion: string,
  { federatedSubject }: RegisteredClient,
  issuer: TokenIssuer,
): Promise<boolean> {
  const { sub } = await issuer.verify(assertion, [FEDERATION_AUDIENCE]);
  return federatedSubject !== undefined && sub === federatedSubject;
}

/** Verifies a self-signed token: `iss` and `sub` are the client id, `aud` is the token endpoint. */
async function signedBy(
  certificate: string,
  assertion: string,
  { clientId }: RegisteredClient,
  issuer: TokenIssuer,
): Promise<boolean> {
  const { payload }: { payload: JWTPayload } = await jwtVerify(
    assertion,
    new X509Certificate(certificate).publicKey,
    {
      algorithms: ['PS256', 'RS256'],
      issuer: clientId,
      subject: clientId,
      requiredClaims: ['exp'],
      // Clients round times to full seconds.
      clockTolerance: 5,
    },
  );
  // Clients that support only https use the https name of the endpoint.
  const { url, tenantId } = issuer.authority;
  const endpoint = `${new URL(url).host}/${tenantId}/oauth2/v2.0/token`;
  return payload.aud === `https://${endpoint}` || payload.aud === `http://${endpoint}`;
}
