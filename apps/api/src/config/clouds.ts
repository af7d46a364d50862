/** A cloud with Bookings: the address of its Graph and of its token issuer. */
export interface Cloud {
  readonly graph: string;
  readonly authority: string;
}

/** See Microsoft's "National cloud deployments". A token is valid in only one cloud. */
export const CLOUDS: readonly Cloud[] = [
  { graph: 'https://graph.microsoft.com', authority: 'https://login.microsoftonline.com' },
  { graph: 'https://graph.microsoft.us', authority: 'https://login.microsoftonline.us' },
  { graph: 'https://dod-graph.microsoft.us', authority: 'https://login.microsoftonline.us' },
];

/** What GRAPH_BASE_URL and AZURE_AUTHORITY_HOST may be together. */
export const PAIRS = `the addresses of one cloud: ${CLOUDS.map(
  ({ graph, authority }) => `${graph} with ${authority}`,
).join(', ')}`;

/** Addresses of 21Vianet's cloud in China, whose Graph has no Bookings. */
const WITHOUT_BOOKINGS: readonly string[] = [
  'https://microsoftgraph.chinacloudapi.cn',
  'https://login.chinacloudapi.cn',
  'https://login.partner.microsoftonline.cn',
];

/** Why an address cannot be used; undefined when it can. */
export function withoutBookings(address: string): string | undefined {
  return WITHOUT_BOOKINGS.includes(new URL(address).origin)
    ? 'is in the cloud of 21Vianet in China, where Graph has no Bookings'
    : undefined;
}
