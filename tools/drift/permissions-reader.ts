import { isObject } from '@bookings/domain';
import { type ApiModel, type Element, modelOf } from './api-model.ts';
import { CouldNotCompare } from './source.ts';

const CUSTOMERS = /^\/solutions\/bookingbusinesses\/\{[^/]*\}(\/customers(?:\/.*)?)$/i;

/**
 * Reads the rows for customers from permissions.json of microsoft-graph-devx-content, one for each
 * path, method, scheme and permission.
 *
 * @throws CouldNotCompare if it has another form, or no rows
 */
export async function readPermissions(
  source: string,
  pieces: AsyncIterable<string>,
): Promise<ApiModel> {
  const { permissions } = record(source, await parsed(source, pieces));
  const rows = Object.entries(record(source, permissions)).flatMap(([permission, entry]) =>
    permissionRows(source, permission, record(source, entry)),
  );
  if (rows.length === 0) {
    throw new CouldNotCompare(
      `${source} has no row for customers; check that it is permissions.json`,
    );
  }
  return modelOf(merged(rows));
}

/** @param path below the business, such as `/customers/{id}` */
export function permissionRow(
  row: { path: string; method: string; scheme: string; permission: string },
  facts: Element['facts'],
): Element {
  const { path, method, scheme, permission } = row;
  return { kind: 'permission row', name: `${method} ${path} ${scheme} ${permission}`, facts };
}

async function parsed(source: string, pieces: AsyncIterable<string>): Promise<unknown> {
  let whole = '';
  for await (const piece of pieces) whole += piece;
  try {
    return JSON.parse(whole);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CouldNotCompare(`${source} is not JSON; check that it is permissions.json`);
  }
}

function permissionRows(
  source: string,
  permission: string,
  { schemes, pathSets }: Readonly<Record<string, unknown>>,
): Element[] {
  const schemeFacts = record(source, schemes);
  return list(source, pathSets).flatMap((each) => {
    const set = record(source, each);
    return Object.entries(record(source, set['paths'])).flatMap(([fullPath, rule]) => {
      const path = CUSTOMERS.exec(fullPath)?.[1]
        ?.toLowerCase()
        .replaceAll(/\{[^/]*\}/g, '{id}');
      if (path === undefined) return [];
      const rules = rulesOf(text(source, rule));
      return texts(source, set['schemeKeys']).flatMap((scheme) =>
        texts(source, set['methods']).map((method) =>
          permissionRow(
            { path, method, scheme, permission },
            {
              leastPrivileged: rules.get('least')?.split(',').includes(scheme) ?? false,
              alsoRequires: rules.get('alsorequires') ?? '',
              ...schemeRules(record(source, schemeFacts[scheme])),
            },
          ),
        ),
      );
    });
  });
}

/** `least=DelegatedWork,Application;alsoRequires=User.Read` by name, in small letters. */
function rulesOf(rule: string): ReadonlyMap<string, string> {
  const parts = rule.split(';').filter((part) => part.trim() !== '');
  return new Map(
    parts.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.trim().toLowerCase(), value.join('=').replaceAll(/\s/g, '')];
    }),
  );
}

function schemeRules({
  privilegeLevel,
  requiresAdminConsent,
}: Readonly<Record<string, unknown>>): Element['facts'] {
  return {
    privilegeLevel: typeof privilegeLevel === 'number' ? privilegeLevel : 'none',
    requiresAdminConsent: requiresAdminConsent !== false,
  };
}

/** One element for a row that is listed several times. It is the least one if one of them is. */
function merged(rows: readonly Element[]): Element[] {
  const byName = Map.groupBy(rows, ({ name }) => name);
  return Array.from(byName.values(), (same) => {
    const [first] = same;
    const leastPrivileged = same.some(({ facts }) => facts['leastPrivileged'] === true);
    const facts = { ...first?.facts, leastPrivileged, timesListed: same.length };
    return { kind: 'permission row', name: first?.name ?? '', facts };
  });
}

function record(source: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw otherForm(source);
}

function list(source: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw otherForm(source);
}

function texts(source: string, value: unknown): string[] {
  return list(source, value).map((each) => text(source, each));
}

function text(source: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw otherForm(source);
}

function otherForm(source: string): CouldNotCompare {
  return new CouldNotCompare(`${source} has not the form of permissions.json; check the address`);
}
