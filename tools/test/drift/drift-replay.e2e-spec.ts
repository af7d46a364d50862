import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { modelOf } from '../../drift/api-model.ts';
import { findingsIn } from '../../drift/check.ts';
import { type Change, compare, isDrift } from '../../drift/compare.ts';
import { metadataModel, permissionsModel, summaries, summary } from './documents.ts';
import { metadataMutations } from './metadata-mutations.ts';
import { type Row, permissionList, rowMutations } from './permission-list.ts';

/** A version of Graph's metadata. One without `file` has the slice of the version before it. */
interface Version {
  readonly commit: string;
  readonly file?: string;
  readonly changes?: readonly RecordedChange[];
}
interface RecordedChange {
  readonly op: string;
  readonly kind: string;
  readonly member: string;
  readonly term?: string;
}
interface Timeline {
  readonly files: Readonly<Record<string, { readonly versionList?: readonly Version[] }>>;
}
interface PermissionStates {
  readonly latest: { readonly rows: readonly Row[] };
  /** The newest first. */
  readonly earlier: readonly { readonly date: string; readonly rows: readonly Row[] }[];
}

const folder = process.env['GRAPH_METADATA_HISTORY'];
if (folder === undefined) {
  process.stderr.write(
    'The history of the metadata is not replayed: GRAPH_METADATA_HISTORY names no folder.\n',
  );
}
const describeReplay = folder === undefined ? describe.skip : describe;
const text = (name: string) => readFileSync(join(folder ?? '', name), 'utf8');
const slice = (name: string) => metadataModel(text(name));

/** The versions of each file whose changes are recorded, the oldest first. */
function histories(): (readonly Version[])[] {
  const { files } = JSON.parse(text('timeline.json')) as Timeline;
  return Object.values(files).flatMap(({ versionList }) => (versionList ? [versionList] : []));
}

function newestIn(versions: readonly Version[]): string {
  return versions.findLast(({ file }) => file !== undefined)?.file ?? '';
}

/** The names of the rows, one for each method, that are not in both lists equally often. */
function changedRows(before: readonly Row[], after: readonly Row[]): Set<string> {
  const entries = (rows: readonly Row[]) =>
    rows.flatMap(({ methods, path, ...row }) => {
      const below = path.replace('/solutions/bookingbusinesses/{id}', '');
      return methods.map((method) => {
        const name = `${method} ${below} ${row.scheme} ${row.permission}`;
        return { name, entry: JSON.stringify([name, row.leastPrivileged, row.privilegeLevel]) };
      });
    });
  const [old, now] = [entries(before), entries(after)];
  const count = (list: typeof old, wanted: string) =>
    list.filter(({ entry }) => entry === wanted).length;
  const changed = [...old, ...now].filter(({ entry }) => count(old, entry) !== count(now, entry));
  return new Set(changed.map(({ name }) => name));
}

/** A change in the words of the timeline. */
function recorded({ op, kind, member, term }: RecordedChange): string {
  const words = kind.replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const known = words.toLowerCase().replace(/^member$/, 'enum member');
  return [op, known, member, ...(term === undefined ? [] : [term])].join(' ');
}

function found({ op, element }: Change): string {
  return `${op} ${element.kind} ${element.name}`;
}

describeReplay('the history of the metadata', () => {
  it('raises the alarm at exactly the versions that changed, for exactly what changed', async () => {
    let [versions, alarms, remarks] = [0, 0, 0];
    for (const versionList of histories()) {
      const [first] = versionList;
      let before = await slice(first?.file ?? '');
      for (const { commit, file, changes = [] } of versionList) {
        const after = file === undefined ? before : await slice(file);
        const differences = compare(before, after);
        expect({ commit, changes: differences.map(found).sort() }).toEqual({
          commit,
          changes: changes.map(recorded).sort(),
        });
        expect(isDrift(differences)).toBe(changes.some(({ kind }) => kind !== 'Annotation'));
        versions += 1;
        if (isDrift(differences)) alarms += 1;
        else if (differences.length > 0) remarks += 1;
        before = after;
      }
    }
    process.stdout.write(
      `${versions} versions, ${alarms} alarms, ${remarks} with annotations alone\n`,
    );
    expect(alarms).toBeGreaterThan(0);
  });

  it('ends with what the project knows', async () => {
    for (const versions of histories()) {
      expect(findingsIn(await slice(newestIn(versions)))).toEqual({ proxy: [], fake: [] });
    }
  });

  it('has a newest version whose every mutation is found and graded', async () => {
    const document = text(newestIn(histories()[0] ?? []));
    const known = await metadataModel(document);
    const mutations = metadataMutations(document.replaceAll('BaseType="graph', 'BaseType="graph'), [
      ...known.keys(),
    ]);
    for (const { title, document: changed, expected } of mutations) {
      const model = await metadataModel(changed);
      const words = [...expected].sort();
      expect({ title, found: summaries(known, model) }).toEqual({ title, found: words });
      const { proxy, fake } = findingsIn(model);
      expect(proxy.map(summary).sort()).toEqual(words);
      expect(fake.map(summary).sort()).toEqual(words);
    }
    process.stdout.write(`${mutations.length} mutations of the metadata\n`);
    expect(new Set(mutations.map(({ element }) => element)).size).toBe(known.size);
  });
});

describeReplay('the history of the permissions', () => {
  const states = () => {
    const { latest, earlier } = JSON.parse(text('permissions.json')) as PermissionStates;
    // A list without a row for customers is refused before anything is compared.
    const old = earlier.toReversed().filter(({ rows }) => rows.length > 0);
    return [...old.map(({ rows }) => rows), latest.rows];
  };
  const model = (rows: readonly Row[]) => permissionsModel(permissionList(rows));

  it('raises the alarm at every change of rows, and at no other time', async () => {
    let before = modelOf([]);
    let rowsBefore: readonly Row[] = [];
    const changes: number[] = [];
    for (const rows of states()) {
      const after = await model(rows);
      const differences = compare(before, after);
      expect(isDrift(differences)).toBe(true);
      const names = differences.map(({ element }) => element.name);
      expect(new Set(names)).toEqual(changedRows(rowsBefore, rows));
      expect(compare(after, await model(rows.toReversed()))).toEqual([]);
      changes.push(new Set(names).size);
      [before, rowsBefore] = [after, rows];
    }
    process.stdout.write(
      `states of the permissions, with the number of changed rows: ${changes.join(', ')}\n`,
    );
  });

  it('ends with what the project knows, and with rows whose every mutation is found', async () => {
    const rows = states().at(-1) ?? [];
    const single = rows.flatMap((row) =>
      row.methods.map((method) => ({ ...row, methods: [method] })),
    );
    const latest = await model(single);
    expect(compare(await model(rows), latest)).toEqual([]);
    const schema = await slice(newestIn(histories()[0] ?? []));
    const against = (found_: Awaited<ReturnType<typeof model>>) =>
      findingsIn(modelOf([...schema.values(), ...found_.values()]));
    expect(against(latest)).toEqual({ proxy: [], fake: [] });
    const mutations = rowMutations(single);
    for (const { title, rows: changed, grades } of mutations) {
      const found_ = summaries(latest, await model(changed));
      const words = found_.map((each) => each.split(' ').slice(0, 2).join(' '));
      expect({ title, words: words.sort() }).toEqual({ title, words: grades });
      const { proxy } = against(await model(changed));
      expect(proxy.map(summary).sort()).toEqual(found_);
    }
    process.stdout.write(`${mutations.length} mutations of the permissions\n`);
  });
});
