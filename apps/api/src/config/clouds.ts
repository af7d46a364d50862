/** A cloud in which Bookings has customers: where its Graph is, and where its tokens come from. */
export interface Cloud {
  readonly graph: string;
  readonly authority: string;
}

/** Microsoft: national cloud deployments. Tokens of one mean nothing in another. */
export const CLOUDS: readonly Cloud[] = [
  { graph: 'https://graph.microsoft.com', authority: 'https://login.microsoftonline.com' },
  { graph: 'https://graph.microsoft.us', authority: 'https://login.microsoftonline.us' },
  { graph: 'https://dod-graph.microsoft.us', authority: 'https://login.microsoftonline.us' },
];

/** Addresses of the cloud that 21Vianet runs in China, whose Graph has no Bookings at all. */
const WITHOUT_BOOKINGS: readonly string[] = [
  'https://microsoftgraph.chinacloudapi.cn',
  'https://login.chinacloudapi.cn',
  'https://login.partner.microsoftonline.cn',
];

/** Why an address cannot be used; undefined when it can. */
export function withoutBookings(address: string): string | undefined {
  return WITHOUT_BOOKINGS.includes(new URL(address).origin)
    ? 'is in the cloud that 21Vianet runs in China, where Graph has no Bookings'
    : undefined;
}
