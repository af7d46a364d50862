import { type GraphError, connectionFault } from '@bookings/domain';
import { connectionAdvice } from './connection-advice.ts';

const BASE_URL = 'GRAPH_BASE_URL';

/** Why a read of Graph failed, and what to do. Repeats no message of Graph's, which may name people. */
export function businessAdvice(error: GraphError): { problem: string; advice: string } {
  if (!error.graphOrigin) return withoutAnswer(error);
  const { status } = error.graphOrigin;
  const problem = `Graph answered ${status} ${error.loggableCode}`.trim();
  return { problem, advice: byStatus(status) };
}

function byStatus(status: number): string {
  switch (status) {
    case 403:
      return 'Grant BookingsAppointment.ReadWrite.All (application) of Microsoft Graph to the registration of the proxy, with admin consent; for a managed identity assign it as an app role.';
    case 404:
      return 'Compare the id with the address of the booking mailbox: no such business is in this tenant, or Graph does not show it to the proxy.';
    case 429:
      return 'Graph is throttling. Try again in a minute, and check that the registration serves nothing else.';
    default:
      return status >= 500
        ? 'Graph has a fault of its own. Try again later.'
        : `Compare ${BASE_URL} with the address of Graph, and the id with that of the business.`;
  }
}

function withoutAnswer(error: GraphError): { problem: string; advice: string } {
  const message = error.message.replace(/\.$/, '');
  if (error.code === 'GatewayTimeout') {
    return { problem: message, advice: connectionAdvice('timeout', BASE_URL) };
  }
  if (error.cause === undefined) {
    return {
      problem: message,
      advice: `Compare ${BASE_URL} with the address of Graph, and check that the credential is of the same cloud.`,
    };
  }
  const { kind, reason } = connectionFault(error.cause);
  return { problem: `${message}: ${reason}`, advice: connectionAdvice(kind, BASE_URL) };
}
