import { megabytes, number, table } from '../report.ts';
import type { Results } from '../results.ts';
import type { Run } from '../rounds.ts';
import { median } from '../statistics.ts';
import type { Dimension } from './dimensions.ts';
import { growth } from './growth.ts';

/** How a value is called, in tables and as the name of its server. */
export function valueName(value: number): string {
  return value.toLocaleString('en');
}

/** The table of a dimension, and what it says. */
export function dimensionReport(dimension: Dimension, results: Results): string {
  const { id, title, unit, steps, note } = dimension;
  const names = steps.map(({ value }) => valueName(value));
  const [first = ''] = names;
  const rows = names.map((name) => [
    name,
    number(results.median(id, name, 'cpuUs')),
    number(median(results.ratios('cpuUs', [id, name], [id, first])), 2),
    megabytes(results.of(id, name).at(-1)?.residentBytes ?? NaN),
    number(results.median(id, name, 'p50Ms'), 1),
  ]);
  const head = [unit, 'CPU µs', 'of the first', 'MB at the end', 'p50 ms'];
  const sentences = [verdict(dimension, results), note, complaint(id, results)];
  const text = sentences.filter((sentence) => sentence !== undefined).join(' ');
  return `### ${title}\n\n${table(head, rows)}\n\n${text}`;
}

/** How many answers were not as they should be. */
export function wrongAnswers(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.unexpected, 0);
}

function verdict({ id, steps, why }: Dimension, results: Results): string {
  const costs = steps.map(({ value }) => ({
    ...{ value, cpuUs: results.median(id, valueName(value), 'cpuUs') },
  }));
  const found = growth(costs);
  const times = `${number(found.factor, 2)} times`;
  switch (found.kind) {
    case 'flat':
      return `Flat: the dearest row costs ${times} what the cheapest does.`;
    case 'grows':
      return `Grows to ${times} what ${valueName(found.from)} cost: ${why(costs)}.`;
    case 'differs':
      return `Does not grow: what costs most, ${times} the least, is the row of ${valueName(found.dearest)}.`;
  }
}

function complaint(id: string, { runs }: Results): string | undefined {
  const wrong = wrongAnswers(runs.filter(({ scenario }) => scenario === id));
  return wrong === 0 ? undefined : `${wrong} answers were not 201.`;
}
