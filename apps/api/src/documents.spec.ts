import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  ERROR_CODES,
  OPERATIONS,
  OPERATION_NAMES,
  USER_REFUSALS,
  parseCustomer,
  readBusinessAccess,
} from '@bookings/domain';
import { Metrics } from './observability/metrics.ts';
import { InFlight } from './observability/in-flight.ts';
import { SETTINGS } from './config/settings.ts';
import { ROOT, blocks, table } from './documents.fixture.ts';

const span = (text: string) => `\`${text}\``;

describe('the tables of the documents', () => {
  it('list every setting with its default and its meaning', () => {
    const expected = SETTINGS.map(({ key, default: standard, meaning }) => [
      span(key),
      standard === 'required' || standard === 'none' ? standard : span(standard),
      meaning,
    ]);
    expect(table('docs/configuration.md', 'Settings')).toEqual(expected);
  });

  it('list every error code with its status and its meaning', () => {
    const expected = Object.entries(ERROR_CODES).map(([name, { status, when }]) => [
      String(status),
      span(name),
      when,
    ]);
    expect(table('docs/errors.md', 'Errors of the proxy')).toEqual(expected);
  });

  it('list every refusal of a user with its code and its message', () => {
    const expected = [...USER_REFUSALS].map(([number, { code, message }]) => [
      String(number),
      span(code),
      message,
    ]);
    const rows = table('docs/errors.md', 'Users whom Entra refuses');
    expect(rows.map(([number, , ...row]) => [number, ...row])).toEqual(expected);
  });

  it('list the permissions of every operation, least privileged first', () => {
    const expected = OPERATION_NAMES.flatMap((name) => {
      const { permissions, note = '' } = OPERATIONS[name];
      return [
        [name, 'delegated', permissions.delegated.join(', '), ''],
        [name, 'application', permissions.application.join(', '), note],
      ];
    });
    expect(table('docs/permissions.md', 'Permissions')).toEqual(expected);
  });

  it('list the request and the status of every operation', () => {
    const prefix = '/solutions/bookingBusinesses/{business}';
    const expected = OPERATION_NAMES.map((name) => {
      const { method, path, successStatus } = OPERATIONS[name];
      const below = path.replace(prefix, '').replace('{customer}', '{id}');
      return [span(`${method} ${below}`), successStatus];
    });
    const documented = table('README.md', 'Operations')
      .filter(([request = '']) => request.includes('/customers'))
      .map(([request, success = '']) => [request, Number.parseInt(success, 10)]);
    expect(documented).toEqual(expect.arrayContaining(expected));
    expect(documented).toHaveLength(expected.length);
  });

  it('list every metric of the proxy', async () => {
    const metrics = new Metrics(new InFlight(), () =>
      Promise.resolve({ unknown: 0, guardedForMs: 0 }),
    );
    const text = (await metrics.text()).toString('utf8');
    const names = [...text.matchAll(/^# HELP (bookings_\w+)/gm)].map(([, name = '']) => span(name));
    const documented = table('docs/operations.md', 'Metrics').map(([name]) => name);
    expect(documented.toSorted()).toEqual(names.toSorted());
  });
});

describe('an example in the documents', () => {
  it('is a valid business access file', () => {
    const [example = ''] = blocks('docs/permissions.md', 'json');
    expect(readBusinessAccess(JSON.parse(example)).callerCount).toBe(1);
  });

  it.each(['README.md', 'docs/calling.md'])('creates a customer with a valid body: %s', (path) => {
    const [example = ''] = blocks(path, 'sh');
    const [, body = ''] = /-d '(.*)'/.exec(example) ?? [];
    expect(() => parseCustomer(JSON.parse(body))).not.toThrow();
  });

  it('registers each permission as a scope and an app role that agree', () => {
    interface Entry {
      readonly id: string;
      readonly value: string;
      readonly isEnabled: boolean;
    }
    interface Registration {
      readonly api: { readonly oauth2PermissionScopes: (Entry & Record<string, unknown>)[] };
      readonly appRoles: (Entry & Record<string, unknown>)[];
    }
    const [example = '{}'] = blocks('docs/entra-setup.md', 'json');
    const { api, appRoles } = JSON.parse(example) as Registration;
    const known = OPERATION_NAMES.flatMap((name) => OPERATIONS[name].permissions.delegated);
    const scopes = api.oauth2PermissionScopes.map((scope) => ({
      id: scope.id,
      value: scope.value,
      isEnabled: scope.isEnabled,
      displayName: scope['adminConsentDisplayName'],
      description: scope['adminConsentDescription'],
    }));
    const roles = appRoles.map(({ allowedMemberTypes: _, ...role }) => role);
    expect(roles).toEqual(scopes.map((scope) => expect.objectContaining(scope)));
    expect(known).toEqual(expect.arrayContaining(scopes.map(({ value }) => value)));
  });

  it('names folders and files of the code', () => {
    const [picture = ''] = blocks('docs/architecture.md', '', 'One request');
    const names = [...picture.matchAll(/^ {2}([a-z][\w.-]*\/[\w./-]+)/gm)].map(
      ([, name = '']) => name,
    );
    expect(names.length).toBeGreaterThan(5);
    const missing = names.filter(
      (name) => !existsSync(`${ROOT}${name}`) && !existsSync(`${ROOT}apps/api/src/${name}.ts`),
    );
    expect(missing).toEqual([]);
  });
});
