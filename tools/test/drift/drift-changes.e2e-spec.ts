import { describe, expect, it } from '@jest/globals';
import { findingsIn } from '../../drift/check.ts';
import { modelOf } from '../../drift/api-model.ts';
import { isDrift } from '../../drift/compare.ts';
import { fakeModel } from '../../drift/fake-model.ts';
import { KNOWN_DIFFERENCES, expectedOf } from '../../drift/known-differences.ts';
import { proxyModel } from '../../drift/proxy-model.ts';
import {
  METADATA,
  PERMISSIONS,
  metadataModel,
  permissionsModel,
  summaries,
  summary,
} from './documents.ts';
import { metadataMutations } from './metadata-mutations.ts';
import { documentedRows, permissionList, rowMutations } from './permission-list.ts';

const schema = await metadataModel(METADATA);
const permissions = await permissionsModel(PERMISSIONS);
const elements = [...schema.keys()].filter((key) => !key.startsWith('annotation'));
const mutations = metadataMutations(METADATA, elements);
const rows = documentedRows();

const withoutAnnotations = (changes: readonly string[]) =>
  changes.filter((change) => !change.startsWith('annotation'));

describe('a change of the metadata', () => {
  it('is made to every element that is compared', () => {
    expect(new Set(mutations.map(({ element }) => element))).toEqual(new Set(elements));
  });

  it.each(mutations)('is found and graded: $title', async ({ document, expected }) => {
    expect(document).not.toBe(METADATA);
    const changed = await metadataModel(document);
    const found = summaries(schema, changed);
    expect(found).toEqual([...expected].sort());
    // What the project knows is compared in the same way.
    for (const changes of Object.values(findingsIn(changed))) {
      expect(isDrift(changes)).toBe(true);
      expect(withoutAnnotations(changes.map(summary)).sort()).toEqual([...expected].sort());
    }
  });

  it('is found if a whole type is gone', async () => {
    const without = METADATA.replace(
      / *<EnumType Name="physicalAddressType"[^]*?<\/EnumType>\n/,
      '',
    );
    const found = summaries(schema, await metadataModel(without));
    const name = 'microsoft.graph.physicalAddressType';
    expect(found).toContain(`breaking removed enum type ${name}`);
    expect(found).toContain(`breaking removed enum member ${name}/home`);
    expect(found).toHaveLength(5);
  });

  it('is found in the key', async () => {
    const other = METADATA.replace('<PropertyRef Name="id" />', '<PropertyRef Name="other" />');
    expect(summaries(schema, await metadataModel(other))).toEqual([
      'breaking changed entity type microsoft.graph.entity key',
    ]);
  });

  it('is breaking if it adds a required property, and otherwise additive', async () => {
    const added = (property: string) =>
      metadataModel(METADATA.replace('<Property Name="phones"', `${property}$&`));
    expect(summaries(schema, await added('<Property Name="a" Type="Edm.String" />'))).toEqual([
      'additive added property microsoft.graph.bookingCustomer/a',
    ]);
    const required = '<Property Name="a" Type="Edm.String" Nullable="false" />';
    expect(summaries(schema, await added(required))).toEqual([
      'breaking added property microsoft.graph.bookingCustomer/a',
    ]);
  });

  it('is additive if it adds a member of an enum', async () => {
    const added = METADATA.replace('<Member Name="pager"', '<Member Name="fax" Value="10" />$&');
    expect(summaries(schema, await metadataModel(added))).toEqual([
      'additive added enum member microsoft.graph.phoneType/fax',
    ]);
  });

  it('is drift if Graph takes up a known difference', async () => {
    const added = METADATA.replace(
      '<Property Name="street"',
      '<Property Name="postOfficeBox" Type="Edm.String" />$&',
    );
    const { proxy, fake } = findingsIn(await metadataModel(added));
    const expected = 'additive added property microsoft.graph.physicalAddress/postOfficeBox';
    expect(withoutAnnotations(proxy.map(summary))).toEqual([expected]);
    expect(withoutAnnotations(fake.map(summary))).toEqual([expected]);
  });
});

describe('what is no change', () => {
  it('is the document that the project knows', () => {
    const { proxy, fake } = findingsIn(modelOf([...schema.values(), ...permissions.values()]));
    expect(isDrift(proxy)).toBe(false);
    expect(isDrift(fake)).toBe(false);
  });

  it('is another order of types and members', async () => {
    const lines = METADATA.split('\n');
    const members = METADATA.split('\n').map((line) => line.trim());
    const sorted = METADATA.replaceAll(
      /(?:^ +<(?:Member|Property|NavigationProperty) [^>]*\/>\n)+/gm,
      (block) => `${block.trimEnd().split('\n').reverse().join('\n')}\n`,
    ).replace(/( *<EntityType Name="entity"[^]*?<\/EntityType>\n)([^]*)(?= {4}<\/Schema>)/, '$2$1');
    expect(sorted.split('\n')).not.toEqual(lines);
    expect(
      sorted
        .split('\n')
        .map((line) => line.trim())
        .sort(),
    ).toEqual(members.sort());
    expect(summaries(schema, await metadataModel(sorted))).toEqual([]);
  });

  it('is the absence of what is not compared', async () => {
    const skipped =
      /^ +<(?:Singleton Name="me"|EntitySet|Parameter|.* Name="(?:virtualEvents|services)").*\n/gm;
    const slice = METADATA.replaceAll(skipped, '').replace(
      / *<EntityType Name="user"[^]*?<\/EntityType>\n/,
      '',
    );
    expect(slice.length).toBeLessThan(METADATA.length - 300);
    expect(summaries(schema, await metadataModel(slice))).toEqual([]);
  });

  it('is an annotation, which is told apart', async () => {
    const without = METADATA.replace(/ *<Annotation Term="Cap.*\n/, '');
    const other = METADATA.replace('Bool="true"', 'Bool="false"');
    const name =
      'annotation microsoft.graph.solutionsRoot Org.OData.Capabilities.V1.BatchSupported';
    expect(summaries(schema, await metadataModel(without))).toEqual([`annotation removed ${name}`]);
    expect(summaries(schema, await metadataModel(other))).toEqual([
      `annotation changed ${name} content`,
    ]);
    expect(isDrift(findingsIn(await metadataModel(other)).proxy)).toBe(false);
  });

  it('is an attribute of another vocabulary', async () => {
    const other = METADATA.replace(
      '<Property Name="street"',
      '$& xmlns:a="urn:a" a:Name="b" a:Type="Edm.Int32" a:Nullable="false"',
    );
    expect(other).not.toBe(METADATA);
    expect(summaries(schema, await metadataModel(other))).toEqual([]);
  });

  it('is a description', async () => {
    const other = METADATA.replaceAll('A text for people.', 'Another one.');
    expect(summaries(schema, await metadataModel(other))).toEqual([]);
  });

  it('is a default that is stated, and a value of an enum that is not', async () => {
    const stated = METADATA.replace('Name="phones"', '$& Nullable="true"')
      .replace('<EntityType Name="solutionsRoot"', '$& Abstract="false" OpenType="false"')
      .replaceAll(/ Value="\d"/g, '');
    expect(summaries(schema, await metadataModel(stated))).toEqual([]);
  });
});

describe('the known differences', () => {
  it('are refused where the project does not differ', () => {
    const names = ['microsoft.graph.phone/number'];
    const graph = { nullable: true };
    const none = { of: ['proxy'], kind: 'property', names, graph, reason: '' } as const;
    expect(() => expectedOf('proxy', proxyModel(), [none])).toThrow(/is no difference/);
    expect(() => expectedOf('proxy', proxyModel())).not.toThrow();
    expect(() => expectedOf('fake', fakeModel())).not.toThrow();
  });

  it('have a reason each', () => {
    for (const { reason } of KNOWN_DIFFERENCES) expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  });
});

describe('a change of the permissions', () => {
  const known = permissionsModel(permissionList(rows));

  it('begins with the rows of the document', async () => {
    expect(summaries(permissions, await known)).toEqual([]);
    expect(rows).toHaveLength(36);
  });

  it.each(rowMutations(rows))('is found and graded: $title', async ({ rows: changed, grades }) => {
    const model = await permissionsModel(permissionList(changed));
    const found = summaries(await known, model);
    expect(found.map((each) => each.split(' ').slice(0, 2).join(' ')).sort()).toEqual(grades);
    const { proxy } = findingsIn(modelOf([...schema.values(), ...model.values()]));
    expect(withoutAnnotations(proxy.map(summary)).sort()).toEqual(found);
  });

  it.each([
    ['a higher level', { privilegeLevel: 4 }, 'additive'],
    ['consent of an administrator', { requiresAdminConsent: true }, 'breaking'],
  ])('is found if users need %s', async (_title, change, grade) => {
    const changed = rows.map((row) =>
      row.scheme === 'DelegatedWork' && row.permission === 'Bookings.Read.All'
        ? { ...row, ...change }
        : row,
    );
    const found = summaries(await known, await permissionsModel(permissionList(changed)));
    expect(found).toHaveLength(2);
    for (const each of found) expect(each).toMatch(`${grade} changed permission row GET`);
  });
});
