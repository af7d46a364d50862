/** A changed document, and what the comparison must say of it, in any order. */
export interface Mutation {
  readonly title: string;
  /** The element that was changed. */
  readonly element: string;
  readonly document: string;
  readonly expected: readonly string[];
}

interface Line {
  readonly tag: string;
  readonly owner: string;
  readonly name: string;
  readonly text: string;
}

const KINDS: Readonly<Record<string, string>> = {
  Property: 'property',
  NavigationProperty: 'navigation property',
  Member: 'enum member',
  Singleton: 'singleton',
  EntityType: 'entity type',
  ComplexType: 'complex type',
  EnumType: 'enum type',
};

/**
 * Every change of one element in a document that has one tag in each line, and no member with content. It knows nothing of the
 * reader: it works on the lines.
 *
 * @param elements keys of the elements that are compared
 */
export function metadataMutations(document: string, elements: readonly string[]): Mutation[] {
  const lines = document.split('\n');
  let namespace = '';
  let owner = '';
  return lines.flatMap((text, index) => {
    namespace = /<Schema [^>]*Namespace="([^"]*)"/.exec(text)?.[1] ?? namespace;
    const [, tag = '', name = ''] = /<(\w+)(?: [^>]*?)? ?Name="(\w+)"/.exec(text) ?? [];
    const isType = tag.endsWith('Type') || tag === 'EntityContainer';
    if (isType) owner = `${namespace}.${name}`;
    const kind = KINDS[tag];
    const full = isType ? owner : `${owner}/${name}`;
    if (kind === undefined || !elements.includes(`${kind} ${full}`)) return [];
    const within = (changed: string) => lines.with(index, changed).join('\n');
    const line = { tag, owner, name, text };
    const changes = isType ? typeChanges(line) : memberChanges(line);
    return changes.map(({ title, text: changed, expected }): Mutation => {
      const words = expected.map((each) => each.replaceAll('KIND', kind).replaceAll('NAME', full));
      const element = `${kind} ${full}`;
      return { title: `${element} ${title}`, element, document: within(changed), expected: words };
    });
  });
}

interface TextChange {
  readonly title: string;
  readonly text: string;
  readonly expected: readonly string[];
}

function memberChanges({ tag, text, name }: Line): TextChange[] {
  const gone = 'breaking removed KIND NAME';
  const isRequired =
    tag === 'Property' && /Nullable="false"/.test(text) && !/Collection/.test(text);
  const renamed = {
    title: 'renamed',
    text: text.replace(`Name="${name}"`, `Name="${name}Renamed"`),
    expected: [gone, `${isRequired ? 'breaking' : 'additive'} added KIND NAMERenamed`],
  };
  const removal = { title: 'removed', text: '', expected: [gone] };
  // Of what is compared only in part, another name is none of ours.
  const inPart = tag === 'NavigationProperty' || tag === 'Singleton';
  const common = [removal, inPart ? { ...renamed, expected: [gone] } : renamed];
  const edit = (title: string, changed: string, fact: string, grade = 'breaking'): TextChange => {
    return { title, text: changed, expected: [`${grade} changed KIND NAME ${fact}`] };
  };
  if (tag === 'Member') {
    return [...common, edit('revalued', text.replace(/Value="\d+"/, 'Value="77"'), 'value')];
  }
  const retyped = edit(
    'retyped',
    text.replace(/(?<= )Type="[^"]*"/, 'Type="Edm.Duration"'),
    'type',
  );
  if (tag === 'Singleton') return [...common, retyped];
  if (tag === 'NavigationProperty') {
    const single = { ...retyped, text: text.replace(/Collection\((.*)\)/, '$1') };
    const plain = edit('detached', text.replace(' ContainsTarget="true"', ''), 'containsTarget');
    return [...common, { ...single, title: 'made single' }, plain];
  }
  const nullable = /Nullable="false"/.test(text)
    ? edit('made nullable', text.replace(' Nullable="false"', ''), 'nullable')
    : edit(
        'made required',
        withAttribute(text.replace(/ Nullable="true"/, ''), 'Nullable="false"'),
        'nullable',
      );
  const limited = edit('limited', withAttribute(text, 'MaxLength="5"'), 'limits');
  return [...common, retyped, nullable, limited];
}

function typeChanges({ tag, text }: Line): TextChange[] {
  const edit = (title: string, changed: string, fact: string, grade = 'breaking') => {
    return { title, text: changed, expected: [`${grade} changed KIND NAME ${fact}`] };
  };
  if (tag === 'EnumType') {
    return [
      edit('made flags', withAttribute(text, 'IsFlags="true"'), 'isFlags'),
      edit(
        'with another base',
        withAttribute(text, 'UnderlyingType="Edm.Int64"'),
        'underlyingType',
      ),
    ];
  }
  const isAbstract = text.includes(' Abstract="true"');
  const other = isAbstract
    ? text.replace(' Abstract="true"', '')
    : withAttribute(text, 'Abstract="true"');
  const based = withAttribute(text.replace(/ BaseType="[^"]*"/, ''), 'BaseType="g.other"');
  return [
    edit('with the other abstractness', other, 'abstract'),
    edit('with another base type', based, 'baseType'),
    edit('made open', withAttribute(text, 'OpenType="true"'), 'openType', 'additive'),
  ];
}

function withAttribute(text: string, attribute: string): string {
  return text.replace(/(?= ?\/?>)/, ` ${attribute}`);
}
