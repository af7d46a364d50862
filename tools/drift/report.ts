import { type Element, type Fact, NAMESPACE } from './api-model.ts';
import type { Change } from './compare.ts';
import { KNOWN_DIFFERENCES, type Knower } from './known-differences.ts';

const MAX_TEXT = 160;

/** The changes that each of the two models sees. */
export type Findings = Readonly<Record<Knower, readonly Change[]>>;

/** What the check prints: Markdown, so that it can be the text of an issue. */
export function report(findings: Findings, compared: string): string {
  const rows = rowsOf(findings);
  const count = (grade: Change['grade']) => rows.filter(([first]) => first === grade).length;
  const [breaking, additive] = [count('breaking'), count('additive')];
  const verdict =
    breaking + additive === 0
      ? 'No drift.'
      : `Drift: ${breaking} breaking, ${additive} additive. Breaking: what works today may fail.`;
  const notes = count('annotation') === 0 ? [] : ['A changed annotation is no drift.'];
  const table = rows.length === 0 ? [] : [tableOf(rows)];
  return [verdict, ...table, ...notes, compared, knownDifferences()].join('\n\n');
}

type Row = readonly [grade: string, what: string, change: string, seenBy: string];

/** What both see is one row. Breaking changes come first. */
function rowsOf(findings: Findings): readonly Row[] {
  const seenBy = new Map<string, Row>();
  for (const knower of ['proxy', 'fake'] as const) {
    for (const change of findings[knower]) {
      const { grade, element } = change;
      const what = `${element.kind} ${shown(element.name)}`;
      const words = wordsOf(change);
      const key = [grade, what, words].join('\n');
      const before = seenBy.get(key);
      seenBy.set(key, [grade, what, words, before ? `${before[3]}, ${knower}` : knower]);
    }
  }
  const order = ['breaking', 'additive', 'annotation'];
  return Array.from(seenBy.values()).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

function wordsOf({ op, element, fact, before, after }: Change): string {
  switch (op) {
    case 'added':
      return `is new: ${factsOf(element)}`;
    case 'removed':
      return 'is gone';
    case 'changed':
      return `${words(fact ?? '')} is ${value(after)}, was ${value(before)}`;
  }
}

function factsOf({ facts }: Element): string {
  return Object.entries(facts)
    .map(([fact, each]) => `${words(fact)} ${value(each)}`)
    .join(', ');
}

/** `leastPrivileged` in words. */
function words(fact: string): string {
  return fact.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function value(fact: Fact | undefined): string {
  if (typeof fact === 'boolean') return fact ? 'yes' : 'no';
  return fact === undefined || fact === '' ? 'none' : shown(String(fact));
}

/** One line without what Markdown would read as a cell or as HTML. */
function shown(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').replaceAll(`${NAMESPACE}.`, '');
  const short = line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT).toWellFormed()}...`;
  return short.replaceAll(/[|<\\]/g, String.raw`\$&`);
}

function tableOf(rows: readonly Row[]): string {
  const all = [['grade', 'what', 'change', 'differs from'], ...rows];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...all.map((cells) => cells[at]?.length ?? 0)));
  const print = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = all;
  return [print(head), print(widths.map((width) => '-'.repeat(width))), ...rest.map(print)].join(
    '\n',
  );
}

function knownDifferences(): string {
  const lines = KNOWN_DIFFERENCES.map(({ of, kind, names, reason }) => {
    const [first = ''] = names;
    const more = names.length === 1 ? '' : ` and ${names.length - 1} more`;
    return `- ${of.join(' and ')}: ${kind} ${shown(first)}${more}. ${reason}`;
  });
  return ['Known differences, which are no drift:', '', ...lines].join('\n');
}
