import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OPERATIONS, OPERATION_NAMES, type TokenKind, isObject } from '@bookings/domain';

const PAGE = readFileSync(new URL('../../../docs/entra-setup.md', import.meta.url), 'utf8');
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The body that the page sends to Entra. */
const body: unknown = JSON.parse(/```json\n([^`]*)```/.exec(PAGE)?.[1] ?? '');
const member = (object: unknown, name: string) => (isObject(object) ? object[name] : undefined);
const objects = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const scopes = objects(member(member(body, 'api'), 'oauth2PermissionScopes'));
const roles = objects(member(body, 'appRoles'));
const values = (list: Record<string, unknown>[]) => list.map(({ value }) => value).sort();

/** Every permission that the proxy checks for this kind of token. */
function checked(kind: TokenKind): string[] {
  const all = OPERATION_NAMES.flatMap((name) => OPERATIONS[name].permissions[kind]);
  return [...new Set(all)].sort();
}

describe('the body of the registration in docs/entra-setup.md', () => {
  it('has a scope for every delegated permission, and no other', () => {
    expect(values(scopes)).toEqual(checked('delegated'));
  });

  it('has an app role for every application permission, and no other', () => {
    expect(values(roles)).toEqual(checked('application'));
  });

  it('has one id for each value, which its scope and its role share', () => {
    const ids = new Map<unknown, unknown>();
    for (const { value, id } of [...scopes, ...roles]) {
      expect(String(id)).toMatch(GUID);
      if (ids.has(value)) expect(ids.get(value)).toBe(id);
      ids.set(value, id);
    }
    expect(new Set(ids.values()).size).toBe(ids.size);
  });

  // Entra refuses a shared value otherwise.
  it('describes a scope and its role in the same words', () => {
    for (const scope of scopes) {
      const role = roles.find(({ value }) => value === scope['value']);
      expect(role).toMatchObject({
        displayName: scope['adminConsentDisplayName'],
        description: scope['adminConsentDescription'],
        isEnabled: scope['isEnabled'],
        allowedMemberTypes: ['Application'],
      });
    }
  });

  it('asks for tokens of version 2 with the claim idtyp', () => {
    expect(member(member(body, 'api'), 'requestedAccessTokenVersion')).toBe(2);
    expect(member(body, 'optionalClaims')).toEqual({ accessToken: [{ name: 'idtyp' }] });
  });

  it("asks for the two permissions of Graph's in the table", () => {
    const table = [...PAGE.matchAll(/\| (application|delegated) +\| `([\da-f-]{36})`/g)];
    const [graph] = objects(member(body, 'requiredResourceAccess'));
    const asked = objects(graph?.['resourceAccess']).map(({ type, id }) => [type, id]);
    expect(asked).toEqual(
      table.map(([, kind, id]) => [kind === 'application' ? 'Role' : 'Scope', id]),
    );
    expect(asked).toHaveLength(2);
  });
});

describe('what docs/entra-setup.md says that a service needs', () => {
  const rows = [...PAGE.matchAll(/^\| ([a-z, ]+?) +\| `([\w.]+)` +\| `([\w.]+)` +\|$/gm)];

  it.each(rows.map(([, task = '', role, scope]) => ({ task, role, scope })))(
    'is the least privileged permission: $task',
    ({ task, role, scope }) => {
      const kinds = task.includes('create') ? ['create', 'update', 'delete', 'read'] : ['read'];
      const operations = OPERATION_NAMES.map((name) => OPERATIONS[name]).filter(({ access }) =>
        kinds.includes(access),
      );
      for (const { access, permissions } of operations) {
        expect(permissions.application).toContain(role);
        expect(permissions.delegated).toContain(scope);
        // A permission to write also reads.
        if (kinds.length > 1 && access === 'read') continue;
        expect([permissions.application[0], permissions.delegated[0]]).toEqual([role, scope]);
      }
    },
  );

  it('has a row for reads and one for writes', () => {
    expect(rows).toHaveLength(2);
  });
});
