import type { CredentialConfig } from '../config/credential.ts';
import type { TokenFailure } from '../graph/graph-check.ts';
import { connectionAdvice } from './connection-advice.ts';

/**
 * By Entra's number (Microsoft: "Microsoft Entra authentication and authorization error codes").
 */
const BY_NUMBER: Readonly<Record<number, string>> = {
  7000215:
    'AZURE_CLIENT_SECRET, or the content of AZURE_CLIENT_SECRET_FILE, is not a secret of this application. Set the value of a secret, not its id.',
  7000222:
    'The secret in AZURE_CLIENT_SECRET or AZURE_CLIENT_SECRET_FILE has expired. Make a new one and set its value.',
  700016:
    'Compare AZURE_CLIENT_ID with the application (client) id of the registration, and AZURE_TENANT_ID with the tenant that it is in.',
  90002:
    'Compare AZURE_TENANT_ID with the id of your tenant, and GRAPH_BASE_URL with the cloud that it is in.',
  700027:
    'Upload the certificate of AZURE_CLIENT_CERTIFICATE_PATH to the registration, or set the file of the one that is there.',
  500011: 'Compare GRAPH_BASE_URL with the address of Graph in the cloud of your tenant.',
};

const BY_ERROR: Readonly<Record<string, string>> = {
  invalid_client:
    'Compare the credential with those of the registration: the secret, the certificate, or issuer, subject and audience of the federated credential with iss, sub and aud of the token in AZURE_FEDERATED_TOKEN_FILE.',
  unauthorized_client:
    'Compare AZURE_CLIENT_ID and AZURE_TENANT_ID with the registration, and check that it is enabled.',
};

/** What to do when there is no token for Graph. */
export function tokenAdvice(failure: TokenFailure, kind: CredentialConfig['kind']): string {
  const { error, number, connection, retryDelayMs } = failure;
  if (kind === 'managed-identity' && (connection || number === undefined)) {
    return 'Check that this machine has a managed identity, and that AZURE_CLIENT_ID names it if it is user-assigned.';
  }
  if (connection) return connectionAdvice(connection.kind, 'AZURE_AUTHORITY_HOST');
  if (retryDelayMs !== undefined) {
    const seconds = Math.max(1, Math.ceil(retryDelayMs / 1000));
    return `The token issuer is throttling or has a fault of its own. Try again in ${seconds} s.`;
  }
  if (number !== undefined) return BY_NUMBER[number] ?? `${lookUp(number)} ${fallback(error)}`;
  return fallback(error);
}

function lookUp(number: number): string {
  return `Look up the number at https://login.microsoftonline.com/error?code=${number}.`;
}

function fallback(error: string): string {
  return BY_ERROR[error] ?? 'Check the settings that begin with AZURE_, and the files they name.';
}
