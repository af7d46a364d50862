import type { AddressTypes } from './address-types.ts';
import type { IdShape } from './customer-id.ts';
import type { Fault } from './faults.ts';
import { mailboxOf } from './mailbox.ts';
import { proxyClient, type RegisteredClient } from './registered-client.ts';

/** Options of the fake. All have defaults. */
export interface GraphFakeOptions {
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: a free port. */
  readonly port?: number | undefined;
  /**
   * SMTP addresses of the existing booking businesses. With `*`, every business exists.
   *
   * Default: the two businesses of Microsoft's pages.
   */
  readonly businesses?: readonly string[] | undefined;
  /**
   * Object ids of the users who are members of a booking business, by its address. Other users get
   * 404. Without an entry every user is a member.
   */
  readonly members?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Whether Get accepts only ids in Base64, as its page says. By default it reads both shapes. */
  readonly getNeedsBase64Id?: boolean | undefined;
  /** Shape of new customer ids; default `guid`. */
  readonly idShape?: IdShape | undefined;
  /** How Graph keeps the type of an address; default `as-sent`. */
  readonly addressTypes?: AddressTypes | undefined;
  /** Concurrent requests of one application to one mailbox; default 4, as Graph documents. */
  readonly limitPerMailbox?: number | undefined;
  /** Applications that may get tokens, at least one; default the proxy. */
  readonly clients?: readonly RegisteredClient[] | undefined;
  /** Default 100, because Graph documents no page size. */
  readonly pageSize?: number | undefined;
  /**
   * How long Graph works on a request before it answers, in milliseconds; default 0. It goes on when
   * the client has left. A request that is refused takes no time.
   */
  readonly workMs?: number | undefined;
  /**
   * How long lists and counts lack a new customer, as in a replicated service. Get finds it at
   * once. Default 0.
   */
  readonly listDelayMs?: number | undefined;
  /** The fault of a request with this method when there is no script; default none. */
  readonly faultFor?: ((method: string) => Fault) | undefined;
  /** Whether the journal keeps the requests, which takes memory; default true. */
  readonly keepsJournal?: boolean | undefined;
}

/** The options with their defaults. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly businesses: readonly string[];
  /** By addresses in lower case. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly getNeedsBase64Id: boolean;
  readonly idShape: IdShape;
  readonly addressTypes: AddressTypes;
  readonly limitPerMailbox: number;
  readonly clients: readonly RegisteredClient[];
  /** The first of `clients`. */
  readonly client: RegisteredClient;
  readonly workMs: number;
  readonly listDelayMs: number;
  readonly faultFor: (method: string) => Fault;
  readonly keepsJournal: boolean;
  readonly pageSize: number;
}

/** @throws TypeError if there is no client */
export function withDefaults(options: GraphFakeOptions): Settings {
  const { clients = [proxyClient()] } = options;
  const [client] = clients;
  if (client === undefined) throw new TypeError('clients: expected at least one');
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    businesses: options.businesses ?? [
      'Contosolunchdelivery@contoso.onmicrosoft.com',
      'Contosolunchdelivery@contoso.com',
    ],
    members: new Map(
      Object.entries(options.members ?? {}).map(([address, ids]) => [mailboxOf(address), ids]),
    ),
    getNeedsBase64Id: options.getNeedsBase64Id ?? false,
    idShape: options.idShape ?? 'guid',
    addressTypes: options.addressTypes ?? 'as-sent',
    limitPerMailbox: options.limitPerMailbox ?? 4,
    clients,
    client,
    workMs: options.workMs ?? 0,
    listDelayMs: options.listDelayMs ?? 0,
    faultFor: options.faultFor ?? (() => ({ kind: 'pass' })),
    keepsJournal: options.keepsJournal ?? true,
    pageSize: options.pageSize ?? 100,
  };
}
