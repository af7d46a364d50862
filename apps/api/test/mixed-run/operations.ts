import type { Body } from './bodies.ts';

/** The tokens that every caller has, and what they are good for. */
export const TOKENS = {
  writingApplication: { roles: ['BookingsAppointment.ReadWrite.All'], may: 'write' },
  writingUser: { scopes: ['BookingsAppointment.ReadWrite.All'], may: 'write' },
  managingUser: { scopes: ['Bookings.Manage.All'], may: 'write' },
  // Microsoft's page does not let it create; here it changes nothing either.
  managingApplication: { roles: ['Bookings.Manage.All'], may: 'read' },
  readingApplication: { roles: ['Bookings.Read.All'], may: 'read' },
  readingUser: { scopes: ['Bookings.Read.All'], may: 'read' },
  otherApplication: { roles: ['User.Read.All'], may: 'nothing' },
  otherUser: { scopes: ['User.Read'], may: 'nothing' },
} as const;
export type Token = keyof typeof TOKENS;

/** `own`: no other caller goes there. `nowhere`: there is no such business. */
export type Place = 'own' | 'shared' | 'nowhere';

/** The `at`-th of the caller's customers, of those that are gone, or one that never was. */
export interface Target {
  readonly which: 'kept' | 'gone' | 'unknown';
  readonly at: number;
}

export interface Query {
  readonly top?: number;
  readonly skip?: number;
  readonly counted?: boolean;
  /** Members of an entity. */
  readonly select?: readonly string[];
  readonly filter?: Filter;
  /** Stands in the place of all the others. */
  readonly spoilt?: SpoiltQuery;
}

export interface Filter {
  readonly member: 'displayName' | 'emailAddress';
  readonly value: string;
}

export interface SpoiltQuery {
  readonly text: string;
  readonly code: string;
  readonly refusedBy: 'proxy' | 'Graph';
}

export type Action =
  | { readonly kind: 'create'; readonly body: Body }
  | { readonly kind: 'update'; readonly body: Body; readonly customer: Target }
  | { readonly kind: 'get' | 'delete'; readonly customer: Target }
  | { readonly kind: 'list' | 'count'; readonly query: Query };

/** What one request asks for. */
export interface Step {
  readonly place: Place;
  /** Whether the business is written in capitals, which makes it no other. */
  readonly capitals: boolean;
  readonly action: Action;
}

export type Operation =
  | { readonly kind: 'alone'; readonly token: Token | 'none'; readonly step: Step }
  | {
      readonly kind: 'batch';
      readonly token: Token | 'none';
      readonly steps: readonly Step[];
      /** Whether each part depends on the one before. */
      readonly chained: boolean;
    };

const CAST = 'microsoft.graph.bookingCustomer/';

/** The query of a request, with its question mark; empty when there is none. */
export function queryText({ top, skip, counted, select, filter, spoilt }: Query): string {
  if (spoilt) return `?${spoilt.text}`;
  const options = {
    $top: top,
    $skip: skip,
    $count: counted,
    $select: select?.map((name) => (name === 'id' ? name : `${CAST}${name}`)).join(','),
    $filter: filter && filterText(filter),
  };
  const said = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return said.length === 0 ? '' : `?${said.join('&')}`;
}

function filterText({ member, value }: Filter): string {
  return `${CAST}${member} eq '${value.replaceAll("'", "''")}'`;
}
