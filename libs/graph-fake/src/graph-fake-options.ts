import type { IdShape } from './customer-id.ts';
import type { Fault } from './faults.ts';
import { mailboxOf } from './mailbox.ts';
import { proxyClient, type RegisteredClient } from './registered-client.ts';

/** How a fake is started; every member has a default. */
export interface GraphFakeOptions {
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: a free port. */
  readonly port?: number | undefined;
  /**
   * SMTP addresses of the booking businesses that exist; `*` among them: every one exists.
   *
   * Default: the two that Microsoft's pages name.
   */
  readonly businesses?: readonly string[] | undefined;
  /**
   * Object ids of the users who are members of a booking business, by its address in any letter
   * case. Other users do not find it; without an entry every user is a member.
   */
  readonly members?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Whether Get knows customers by Base64 ids alone, as its page says; default false. */
  readonly getNeedsBase64Id?: boolean | undefined;
  /** Shape of new customer ids; default `guid`. */
  readonly idShape?: IdShape | undefined;
  /** Requests at a time for one application and one mailbox; default 4, as Graph documents. */
  readonly limitPerMailbox?: number | undefined;
  /** Applications that may get tokens, one at least; default the proxy's. */
  readonly clients?: readonly RegisteredClient[] | undefined;
  /** Customers of a page; default 100, because Graph publishes no number. */
  readonly pageSize?: number | undefined;
  /** How long a create's answer waits once the customer is stored; default 0. */
  readonly answerDelayMs?: number | undefined;
  /**
   * How long lists and counts do not have a customer that was stored, as it may be in a service of
   * many copies; by its id it is there at once. Default 0.
   */
  readonly listDelayMs?: number | undefined;
  /** What spoils a request of this method that arrives when no script is under way; default nothing. */
  readonly faultFor?: ((method: string) => Fault) | undefined;
  /** Whether the journal has the requests, which take memory for as long as it does; default true. */
  readonly keepsJournal?: boolean | undefined;
}

/** The options with their defaults filled in. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly businesses: readonly string[];
  /** By addresses in lower case. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly getNeedsBase64Id: boolean;
  readonly idShape: IdShape;
  readonly limitPerMailbox: number;
  readonly clients: readonly RegisteredClient[];
  /** The first of `clients`. */
  readonly client: RegisteredClient;
  readonly answerDelayMs: number;
  readonly listDelayMs: number;
  readonly faultFor: (method: string) => Fault;
  readonly keepsJournal: boolean;
  readonly pageSize: number;
}

/** Throws a `TypeError` when there is no client. */
export function settle(options: GraphFakeOptions): Settings {
  const { clients = [proxyClient()] } = options;
  const [client] = clients;
  if (client === undefined) throw new TypeError('clients: expected one at least');
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
    limitPerMailbox: options.limitPerMailbox ?? 4,
    clients,
    client,
    answerDelayMs: options.answerDelayMs ?? 0,
    listDelayMs: options.listDelayMs ?? 0,
    faultFor: options.faultFor ?? (() => ({ kind: 'pass' })),
    keepsJournal: options.keepsJournal ?? true,
    pageSize: options.pageSize ?? 100,
  };
}
