import type { Body } from './bodies.ts';

/** The tokens of every caller, and what they permit. */
export const TOKENS = {
  writingApplication: { roles: ['BookingsAppointment.ReadWrite.All'], may: 'write' },
  writingUser: { scopes: ['BookingsAppointment.ReadWrite.All'], may: 'write' },
  managingUser: { scopes: ['Bookings.Manage.All'], may: 'write' },
  // Microsoft does not document this application permission for writes.
  managingApplication: { roles: ['Bookings.Manage.All'], may: 'read' },
  readingApplication: { roles: ['Bookings.Read.All'], may: 'read' },
  readingUser: { scopes: ['Bookings.Read.All'], may: 'read' },
  otherApplication: { roles: ['User.Read.All'], may: 'nothing' },
  otherUser: { scopes: ['User.Read'], may: 'nothing' },
} as const;
export type Token = keyof typeof TOKENS;

/** `own`: a business of this caller only. `nowhere`: a business that does not exist. */
export type Place = 'own' | 'shared' | 'nowhere';

/** The `at`-th existing customer of the caller, a deleted one, or an unknown one. */
export interface Target {
  readonly which: 'kept' | 'gone' | 'unknown';
  readonly at: number;
}

export interface Query {
  readonly top?: number;
  readonly skip?: number;
  readonly counted?: boolean;
  /** Names of the members to return. */
  readonly select?: readonly string[];
  readonly filter?: Filter;
  /** Replaces all other options. */
  readonly invalid?: InvalidQuery;
}

export interface Filter {
  readonly member: 'displayName' | 'emailAddress';
  readonly value: string;
}

export interface InvalidQuery {
  readonly text: string;
  readonly code: string;
  readonly refusedBy: 'proxy' | 'Graph';
}

export type Action =
  | { readonly kind: 'create'; readonly body: Body }
  | { readonly kind: 'update'; readonly body: Body; readonly customer: Target }
  | { readonly kind: 'get' | 'delete'; readonly customer: Target }
  | { readonly kind: 'list' | 'count'; readonly query: Query };

/** The content of one request. */
export interface Step {
  readonly place: Place;
  /** Whether the business is written in upper case, which does not change its meaning. */
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

/** The query string with its question mark; empty without options. */
export function queryText({ top, skip, counted, select, filter, invalid }: Query): string {
  if (invalid) return `?${invalid.text}`;
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
