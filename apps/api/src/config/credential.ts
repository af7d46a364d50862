import { type Cloud, CLOUDS, PAIRS, withoutBookings } from './clouds.ts';
import { type ClientCertificate, parseCertificate } from './client-certificate.ts';
import {
  CredentialFile,
  type CredentialSource,
  fixedCredential,
  parseSecret,
} from './credential-file.ts';
import { credentialFileFault } from './file-faults.ts';
import { type SettingReader, isLoopback } from './setting-reader.ts';

const CREDENTIALS = [
  'client-secret',
  'client-certificate',
  'workload-identity',
  'managed-identity',
  'access-token',
] as const;

/** How a registered application authenticates. */
export type ClientAuthenticationConfig =
  | { readonly kind: 'client-secret'; readonly source: CredentialSource<string> }
  | {
      readonly kind: 'client-certificate';
      readonly source: CredentialSource<ClientCertificate>;
    }
  | { readonly kind: 'workload-identity'; readonly tokenFile: string };

/** The proxy's own identity at Graph. `resource` is the origin of Graph. */
export type CredentialConfig =
  | { readonly kind: 'access-token'; readonly token: string }
  | { readonly kind: 'managed-identity'; readonly clientId?: string; readonly resource: string }
  | {
      readonly kind: 'application';
      readonly authority: string;
      readonly tenantId: string;
      readonly clientId: string;
      readonly resource: string;
      readonly authentication: ClientAuthenticationConfig;
    };

/** Aliases for many tenants. Client credentials need a specific one. */
const TENANT_ALIAS = /^(?:common|organizations|consumers)$/i;

/** @param graph the value of `GRAPH_BASE_URL`, if it is a URL */
export function readCredential(reader: SettingReader, graph: string | undefined): CredentialConfig {
  const kind = reader.oneOf('GRAPH_CREDENTIAL', CREDENTIALS);
  const resource = graph === undefined ? '' : new URL(graph).origin;
  const missingBookings = graph === undefined ? undefined : withoutBookings(graph);
  if (missingBookings !== undefined) reader.fault('GRAPH_BASE_URL', missingBookings, PAIRS);
  if (kind === undefined || kind === 'access-token') {
    return { kind: 'access-token', token: kind === undefined ? '' : accessToken(reader) };
  }
  if (kind === 'managed-identity') {
    const clientId = reader.text('AZURE_CLIENT_ID', 'the client id of a user-assigned identity');
    return { kind, resource, ...(clientId !== undefined && { clientId }) };
  }
  const tenantId = required(reader, 'AZURE_TENANT_ID', kind);
  if (TENANT_ALIAS.test(tenantId) || !/^[\w.-]*$/.test(tenantId)) {
    reader.fault('AZURE_TENANT_ID', 'is not the id or a domain of a tenant', "the proxy's tenant");
  }
  return {
    kind: 'application',
    authority: authority(reader, resource, kind),
    tenantId,
    clientId: required(reader, 'AZURE_CLIENT_ID', kind),
    resource,
    authentication: clientAuthentication(reader, kind),
  };
}

function accessToken(reader: SettingReader): string {
  const expected = 'a bearer token of visible characters, because GRAPH_CREDENTIAL is access-token';
  const token = required(reader, 'GRAPH_ACCESS_TOKEN', 'access-token', expected);
  if (token !== '' && !/^[\x21-\x7e]+$/.test(token)) {
    reader.fault('GRAPH_ACCESS_TOKEN', 'is not a bearer token', expected);
  }
  return token;
}

function clientAuthentication(
  reader: SettingReader,
  kind: ClientAuthenticationConfig['kind'],
): ClientAuthenticationConfig {
  switch (kind) {
    case 'client-secret':
      return { kind, source: clientSecret(reader, kind) };
    case 'client-certificate': {
      const key = 'AZURE_CLIENT_CERTIFICATE_PATH';
      const expected = 'a PEM file with a certificate and its private key';
      return { kind, source: fromFile(reader, key, kind, parseCertificate, expected) };
    }
    case 'workload-identity': {
      const tokenFile = required(reader, 'AZURE_FEDERATED_TOKEN_FILE', kind);
      const fault = tokenFile === '' ? undefined : credentialFileFault(tokenFile);
      if (fault !== undefined)
        reader.fault('AZURE_FEDERATED_TOKEN_FILE', fault, 'a file with a token');
      return { kind, tokenFile };
    }
  }
}

function clientSecret(reader: SettingReader, kind: string): CredentialSource<string> {
  const key = 'AZURE_CLIENT_SECRET_FILE';
  if (!reader.has(key)) return fixedCredential(required(reader, 'AZURE_CLIENT_SECRET', kind));
  if (reader.has('AZURE_CLIENT_SECRET')) {
    reader.fault(key, 'is set together with AZURE_CLIENT_SECRET', 'one of the two');
  }
  return fromFile(reader, key, kind, parseSecret, 'a file with the secret alone');
}

function fromFile<T>(
  reader: SettingReader,
  key: string,
  kind: string,
  parse: (text: string) => T,
  expected: string,
): CredentialFile<T> {
  const path = required(reader, key, kind);
  const file = new CredentialFile(key, path, parse);
  const fault = path === '' ? undefined : file.refresh();
  if (fault !== undefined) reader.fault(key, fault, expected);
  return file;
}

/** The given authority, or that of the cloud of `resource`. */
function authority(reader: SettingReader, resource: string, kind: string): string {
  const cloud = CLOUDS.find(({ graph }) => graph === resource);
  const faults = reader.faults.length;
  const given = reader.url('AZURE_AUTHORITY_HOST');
  // Graph has to change first, and the authority with it. That fault names both.
  if (resource !== '' && withoutBookings(resource) !== undefined) return given ?? '';
  if (given === undefined) {
    if (cloud === undefined && reader.faults.length === faults && resource !== '') {
      const wrong = 'is missing, and GRAPH_BASE_URL is in no known cloud';
      reader.fault(
        'AZURE_AUTHORITY_HOST',
        wrong,
        `the token issuer, because GRAPH_CREDENTIAL is ${kind}`,
      );
    }
    return cloud?.authority ?? '';
  }
  const wrong = authorityFault(given, resource, cloud?.authority);
  if (wrong !== undefined) reader.fault('AZURE_AUTHORITY_HOST', wrong, expectedAuthority(cloud));
  return given;
}

function expectedAuthority(cloud: Cloud | undefined): string {
  return cloud === undefined
    ? 'the address of a host without a path, in the same cloud as GRAPH_BASE_URL'
    : `${cloud.authority}, which belongs to ${cloud.graph}`;
}

function authorityFault(
  given: string,
  resource: string,
  ofCloud: string | undefined,
): string | undefined {
  const { pathname, hostname, origin } = new URL(given);
  if (pathname !== '/') return 'has a path';
  const missingBookings = withoutBookings(given);
  if (missingBookings !== undefined) return missingBookings;
  // In development, a local issuer may replace any other.
  if (isLoopback(hostname)) return undefined;
  if (ofCloud !== undefined)
    return origin === ofCloud ? undefined : 'belongs to another cloud than GRAPH_BASE_URL';
  if (CLOUDS.some(({ authority }) => authority === origin)) {
    return 'issues tokens for another Graph than GRAPH_BASE_URL';
  }
  const local = resource !== '' && isLoopback(new URL(resource).hostname);
  return local ? 'is not a loopback host, but GRAPH_BASE_URL is' : undefined;
}

function required(
  reader: SettingReader,
  key: string,
  kind: string,
  expected = `a value, because GRAPH_CREDENTIAL is ${kind}`,
): string {
  const faults = reader.faults.length;
  const value = reader.text(key, expected);
  if (value === undefined && reader.faults.length === faults)
    reader.fault(key, 'is missing', expected);
  return value ?? '';
}
