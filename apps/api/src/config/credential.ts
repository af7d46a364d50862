import { accessSync, constants } from 'node:fs';
import { CLOUDS, withoutBookings } from './clouds.ts';
import { type ClientCertificate, readCertificate } from './client-certificate.ts';
import { type SettingReader, isLoopback } from './setting-reader.ts';

const CREDENTIALS = [
  'client-secret',
  'client-certificate',
  'workload-identity',
  'managed-identity',
  'access-token',
] as const;

/** How a registered application proves who it is. */
export type ProofConfig =
  | { readonly kind: 'client-secret'; readonly secret: string }
  | { readonly kind: 'client-certificate'; readonly read: () => ClientCertificate }
  | { readonly kind: 'workload-identity'; readonly tokenFile: string };

/** The proxy's own identity towards Graph. `resource` is the root of Graph, which tokens are for. */
export type CredentialConfig =
  | { readonly kind: 'access-token'; readonly token: string }
  | { readonly kind: 'managed-identity'; readonly clientId?: string; readonly resource: string }
  | {
      readonly kind: 'application';
      readonly authority: string;
      readonly tenantId: string;
      readonly clientId: string;
      readonly resource: string;
      readonly proof: ProofConfig;
    };

/** Tenants that are none: a token of the proxy's own needs one in particular. */
const NO_TENANT = /^(?:common|organizations|consumers)$/i;

/** @param graph what `GRAPH_BASE_URL` says, if that is a URL */
export function readCredential(read: SettingReader, graph: string | undefined): CredentialConfig {
  const kind = read.oneOf('GRAPH_CREDENTIAL', CREDENTIALS);
  const resource = graph === undefined ? '' : new URL(graph).origin;
  const absent = graph === undefined ? undefined : withoutBookings(graph);
  if (absent !== undefined) read.fault('GRAPH_BASE_URL', absent, 'the Graph of another cloud');
  if (kind === undefined || kind === 'access-token') {
    return { kind: 'access-token', token: kind === undefined ? '' : accessToken(read) };
  }
  if (kind === 'managed-identity') {
    const clientId = read.text('AZURE_CLIENT_ID', 'the client id of a user-assigned identity');
    return { kind, resource, ...(clientId !== undefined && { clientId }) };
  }
  const tenantId = needed(read, 'AZURE_TENANT_ID', kind);
  if (NO_TENANT.test(tenantId) || !/^[\w.-]*$/.test(tenantId)) {
    read.fault('AZURE_TENANT_ID', 'names no tenant', "the id, or a domain, of the proxy's tenant");
  }
  return {
    kind: 'application',
    authority: authority(read, resource, kind),
    tenantId,
    clientId: needed(read, 'AZURE_CLIENT_ID', kind),
    resource,
    proof: proof(read, kind),
  };
}

function accessToken(read: SettingReader): string {
  const expected = 'a bearer token of visible characters, because GRAPH_CREDENTIAL is access-token';
  const token = needed(read, 'GRAPH_ACCESS_TOKEN', 'access-token', expected);
  if (token !== '' && !/^[\x21-\x7e]+$/.test(token)) {
    read.fault('GRAPH_ACCESS_TOKEN', 'is no bearer token', expected);
  }
  return token;
}

function proof(read: SettingReader, kind: ProofConfig['kind']): ProofConfig {
  switch (kind) {
    case 'client-secret':
      return { kind, secret: needed(read, 'AZURE_CLIENT_SECRET', kind) };
    case 'client-certificate': {
      const path = needed(read, 'AZURE_CLIENT_CERTIFICATE_PATH', kind);
      const fault = path === '' ? undefined : faultOf(() => readCertificate(path));
      const expected = 'a PEM file with a certificate and its private key';
      if (fault !== undefined) read.fault('AZURE_CLIENT_CERTIFICATE_PATH', fault, expected);
      return { kind, read: () => readCertificate(path) };
    }
    case 'workload-identity': {
      const tokenFile = needed(read, 'AZURE_FEDERATED_TOKEN_FILE', kind);
      const fault =
        tokenFile === ''
          ? undefined
          : faultOf(() => {
              accessSync(tokenFile, constants.R_OK);
            });
      const wrong = 'names a file that cannot be read';
      if (fault !== undefined)
        read.fault('AZURE_FEDERATED_TOKEN_FILE', wrong, 'a file with a token');
      return { kind, tokenFile };
    }
  }
}

function faultOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where tokens come from: given, or that of the cloud in which `resource` is. */
function authority(read: SettingReader, resource: string, kind: string): string {
  const expected = 'the address of a host alone, of the same cloud as GRAPH_BASE_URL';
  const cloud = CLOUDS.find(({ graph }) => graph === resource);
  const faults = read.faults.length;
  const given = read.url('AZURE_AUTHORITY_HOST');
  if (given === undefined) {
    if (cloud === undefined && read.faults.length === faults && resource !== '') {
      const wrong = 'is missing, and GRAPH_BASE_URL is in no cloud that is known';
      read.fault('AZURE_AUTHORITY_HOST', wrong, `where tokens come from, because of ${kind}`);
    }
    return cloud?.authority ?? '';
  }
  const wrong = authorityFault(given, resource, cloud?.authority);
  if (wrong !== undefined) read.fault('AZURE_AUTHORITY_HOST', wrong, expected);
  return given;
}

function authorityFault(
  given: string,
  resource: string,
  ofCloud: string | undefined,
): string | undefined {
  const { pathname, hostname, origin } = new URL(given);
  if (pathname !== '/') return 'has a path';
  const absent = withoutBookings(given);
  if (absent !== undefined) return absent;
  // For trying things out: an issuer on this machine can stand for any.
  if (isLoopback(hostname)) return undefined;
  if (ofCloud !== undefined) return origin === ofCloud ? undefined : 'is of another cloud';
  if (CLOUDS.some(({ authority }) => authority === origin)) {
    return 'issues tokens for a Graph that GRAPH_BASE_URL does not name';
  }
  const local = resource !== '' && isLoopback(new URL(resource).hostname);
  return local ? 'is elsewhere than GRAPH_BASE_URL' : undefined;
}

function needed(
  read: SettingReader,
  key: string,
  kind: string,
  expected = `a value, because GRAPH_CREDENTIAL is ${kind}`,
): string {
  const faults = read.faults.length;
  const value = read.text(key, expected);
  if (value === undefined && read.faults.length === faults) read.fault(key, 'is missing', expected);
  return value ?? '';
}
