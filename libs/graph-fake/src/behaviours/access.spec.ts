import { expect } from '@jest/globals';
import { minimal, refusalIn, send } from '../client.fixture.ts';
import type { GraphFake } from '../graph-fake.ts';
import { type Behaviour, CREATE_PAGE, describeBehaviours } from './behaviour.fixture.ts';

const REFUSALS_SEEN =
  'answers/questions/1069500, technet-wiki/54544, OfficeDev/office-js issue 5183 and others, together';

async function withToken(fake: GraphFake, token: string): Promise<number> {
  return (await send(fake, minimal, { token })).status;
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph accepts BookingsAppointment.ReadWrite.All from an application',
    evidence: 'documented',
    source: `permissions of the ${CREATE_PAGE}`,
    verify: async (fake) => {
      const roles = ['BookingsAppointment.ReadWrite.All'];
      expect(await withToken(fake, await fake.issueGraphToken({ roles }))).toBe(201);
    },
  },
  {
    graph: 'Graph accepts any of three scopes from a user',
    evidence: 'documented',
    source: `permissions of the ${CREATE_PAGE}`,
    verify: async (fake) => {
      const three = ['BookingsAppointment.ReadWrite.All', 'Bookings.ReadWrite.All'];
      for (const scope of [...three, 'Bookings.Manage.All']) {
        expect(await withToken(fake, await fake.issueGraphToken({ scopes: [scope] }))).toBe(201);
      }
    },
  },
  {
    graph: 'Graph refuses an application with only Bookings.ReadWrite.All',
    evidence: 'our policy',
    source:
      'against microsoft-graph-devx-content, permissions/new/permissions.json; as the older table of the page, and as answers/questions/2283013 of appointments, staff and services',
    verify: async (fake) => {
      const roles = ['Bookings.ReadWrite.All'];
      expect(await withToken(fake, await fake.issueGraphToken({ roles }))).toBe(403);
    },
  },
  {
    graph: 'Graph refuses a create with a permission to read',
    evidence: 'documented',
    source: `permissions of the ${CREATE_PAGE}`,
    verify: async (fake) => {
      const roles = ['Bookings.Read.All'];
      expect(await withToken(fake, await fake.issueGraphToken({ roles }))).toBe(403);
    },
  },
  {
    graph: 'Graph answers a missing permission with Authorization_RequestDenied',
    evidence: 'inferred',
    source: 'page on JSON batching, of the directory; of Bookings nothing is known',
    verify: async (fake) => {
      const token = await fake.issueGraphToken({ roles: [] });
      expect(await refusalIn(await send(fake, minimal, { token }))).toEqual({
        status: 403,
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
      });
    },
  },
  ...(
    [
      ['no token', 'Access token is empty.', REFUSALS_SEEN, undefined],
      [
        'a token that is none',
        'CompactToken parsing failed with error code: 80049217',
        'technet-wiki/54544',
        'x.y.z',
      ],
      [
        'an expired token',
        'Lifetime validation failed, the token is expired.',
        REFUSALS_SEEN,
        { lifetimeSeconds: -60, notBeforeSeconds: -3600 },
      ],
    ] as const
  ).map(([what, message, source, given]): Behaviour => ({
    graph: `Graph answers 401 InvalidAuthenticationToken to ${what}, in these words`,
    evidence: 'observed',
    source,
    verify: async (fake) => {
      const token = typeof given === 'object' ? await fake.issueGraphToken(given) : given;
      const response = await send(fake, minimal, { ...(token !== undefined && { token }) });
      const code = 'InvalidAuthenticationToken';
      expect(await refusalIn(response)).toEqual({ status: 401, code, message });
    },
  })),
  {
    graph: 'Graph answers a token for another API with 401',
    evidence: 'inferred',
    source: 'entra-docs, access-tokens.md: a token is for its audience alone',
    verify: async (fake) => {
      const token = await fake.issueGraphToken({ audience: 'api://bookings-proxy' });
      expect(await withToken(fake, token)).toBe(401);
    },
  },
  {
    graph: 'Graph answers a token of a personal account with 401, whatever its scopes',
    evidence: 'documented',
    source: `permissions of the ${CREATE_PAGE}; the status by the page on authorization errors`,
    verify: async (fake) => {
      const scopes = ['BookingsAppointment.ReadWrite.All'];
      const tenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';
      expect(await withToken(fake, await fake.issueGraphToken({ scopes, tenantId }))).toBe(401);
    },
  },
  {
    graph: 'Graph sends the address of the issuer in WWW-Authenticate',
    evidence: 'observed',
    source: 'microsoft-authentication-library-for-dotnet, issue 2679',
    verify: async (fake) => {
      const { headers } = await send(fake, minimal, {});
      expect(headers.get('www-authenticate')).toBe(
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
      );
    },
  },
];

describeBehaviours('the fake of Graph, letting callers in', BEHAVIOURS);
