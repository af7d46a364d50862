/** A part of a batch, as far as ids concern it. */
interface Identified {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** @returns undefined for a value that cannot be an id, such as a number that JSON rounds */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  const isExact = typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return isExact ? String(value) : undefined;
}

/** @returns undefined unless `values` is a list of ids */
export function readIds(values: unknown): readonly string[] | undefined {
  if (!Array.isArray(values)) return undefined;
  const ids = values.map(readId).filter((id) => id !== undefined);
  return ids.length === values.length ? ids : undefined;
}

/** What is wrong with the ids of a part; undefined when they are valid. */
export function idFaultOf(
  part: Identified,
  index: number,
  parts: readonly Identified[],
): string | undefined {
  if (!part.id.isWellFormed()) return 'has an unpaired surrogate in its "id"';
  const ids = parts.map(({ id }) => fold(id));
  if (ids.indexOf(fold(part.id)) !== index) {
    return 'has the "id" of another request; letter case does not count';
  }
  if (!part.dependsOn.every((id) => ids.includes(fold(id)))) {
    return 'depends on a request that is not in the batch';
  }
  return isCircular(part, parts) ? 'depends on itself, directly or through others' : undefined;
}

/** The parts with `dependsOn` in the letter case of the parts that it names. */
export function withResolvedIds<Part extends Identified>(parts: readonly Part[]): Part[] {
  const ids = new Map(parts.map(({ id }) => [fold(id), id]));
  return parts.map((part) => ({
    ...part,
    dependsOn: part.dependsOn.map((id) => ids.get(fold(id)) ?? id),
  }));
}

function isCircular(part: Identified, parts: readonly Identified[]): boolean {
  const reached = new Set(part.dependsOn.map(fold));
  for (const id of reached) {
    const dependsOn = parts.find((each) => fold(each.id) === id)?.dependsOn ?? [];
    for (const next of dependsOn) reached.add(fold(next));
  }
  return reached.has(fold(part.id));
}

/** Ids are unique without regard to letter case (OData JSON Format 4.01, 19). */
function fold(id: string): string {
  return id.toLowerCase();
}
