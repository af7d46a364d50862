import type { ConnectionFaultKind } from '@bookings/domain';

/** What to do when the host that `setting` names cannot be reached. */
export function connectionAdvice(kind: ConnectionFaultKind, setting: string): string {
  switch (kind) {
    case 'dns':
      return `Compare the host name in ${setting}, and check the name servers of this machine.`;
    case 'refused':
      return `Compare host and port in ${setting}: nothing listens there, or a firewall refuses.`;
    case 'unreachable':
      return `Check the network of this machine: there is no way to the host of ${setting}.`;
    case 'tls':
      return `Compare the host name in ${setting}. If a proxy of your own network breaks up TLS, name its authority in NODE_EXTRA_CA_CERTS.`;
    case 'timeout':
      return `Check that the firewall lets this machine connect to the host of ${setting}.`;
    case 'lost':
    case 'other':
      return `Check the network between this machine and the host of ${setting}, then try again.`;
  }
}
