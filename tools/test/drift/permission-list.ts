/** A row of a list of permissions. `path` has `{id}` for an id. */
export interface Row {
  readonly path: string;
  readonly permission: string;
  readonly scheme: string;
  readonly methods: readonly string[];
  readonly leastPrivileged: boolean;
  readonly privilegeLevel: number;
  readonly requiresAdminConsent: boolean;
  readonly alsoRequires?: string;
}

/** A document in the form of permissions.json, with one path set for each row. */
export function permissionList(rows: readonly Row[]): string {
  const permissions = Object.fromEntries(
    Array.from(
      Map.groupBy(rows, ({ permission }) => permission),
      ([name, own]) => [
        name,
        {
          schemes: Object.fromEntries(
            own.map(({ scheme, privilegeLevel, requiresAdminConsent }) => [
              scheme,
              { privilegeLevel, requiresAdminConsent },
            ]),
          ),
          pathSets: own.map(({ scheme, methods, path, leastPrivileged, alsoRequires }) => ({
            schemeKeys: [scheme],
            methods,
            paths: {
              [path]: [
                ...(leastPrivileged ? [`least=${scheme}`] : []),
                ...(alsoRequires === undefined ? [] : [`alsoRequires=${alsoRequires}`]),
              ].join(';'),
            },
          })),
        },
      ],
    ),
  );
  return JSON.stringify({ permissions });
}

/** The rows of customers as microsoft-graph-devx-content has them, one for each method. */
export function documentedRows(): Row[] {
  const customers = '/solutions/bookingbusinesses/{id}/customers';
  const [read, appointment] = ['Bookings.Read.All', 'BookingsAppointment.ReadWrite.All'];
  const higher = ['Bookings.ReadWrite.All', 'Bookings.Manage.All'];
  const row = (scheme: string, method: string, permission: string, isLeast: boolean): Row => ({
    ...{ permission, scheme, methods: [method], leastPrivileged: isLeast, privilegeLevel: 3 },
    path: ['GET', 'POST'].includes(method) ? customers : `${customers}/{id}`,
    requiresAdminConsent: scheme === 'Application',
  });
  const rows = ['DelegatedWork', 'Application'].flatMap((scheme) => {
    const isApp = scheme === 'Application';
    const each = (method: string, least: string, others: readonly string[]) => [
      row(scheme, method, least, true),
      ...others.map((name) => row(scheme, method, name, false)),
    ];
    const changed = isApp ? [read, ...higher] : higher;
    const get = each('GET', read, [appointment, ...higher]);
    const byId = get.map((one) => ({
      ...one,
      path: `${customers}/{id}`,
      leastPrivileged: one.permission === appointment || (one.permission === read && !isApp),
    }));
    return [
      ...[...get, ...byId, ...each('POST', appointment, higher)],
      ...[...each('PATCH', appointment, changed), ...each('DELETE', appointment, changed)],
    ];
  });
  return rows;
}

/** Every change of one row, with the grades of the changes that it must lead to. */
export function rowMutations(rows: readonly Row[]) {
  const renamed = { permission: 'Bookings.Other.All' };
  return rows.flatMap((row, index) => {
    const title = `${row.methods.join()} ${row.path} ${row.scheme} ${row.permission}`;
    const other = row.scheme === 'Application' ? 'DelegatedPersonal' : 'Application2';
    const change = (what: string, changes: Partial<Row>, grades: readonly string[]) => ({
      title: `${title} ${what}`,
      // A level and a consent are stated once for a permission and a scheme.
      rows: rows.with(index, { ...row, ...changes }),
      grades,
    });
    const moved = ['additive added', 'breaking removed'];
    return [
      { title: `${title} removed`, rows: rows.toSpliced(index, 1), grades: ['breaking removed'] },
      { title: `${title} twice`, rows: [...rows, row], grades: ['additive changed'] },
      change('of another permission', renamed, moved),
      change('of another scheme', { scheme: other }, moved),
      change('of another method', { methods: ['PUT'] }, moved),
      change('of another path', { path: `${row.path}/{id}/history` }, moved),
      change('least or not', { leastPrivileged: !row.leastPrivileged }, ['additive changed']),
      change('with a condition', { alsoRequires: 'User.Read' }, ['breaking changed']),
    ];
  });
}
