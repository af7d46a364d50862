import { describe, expect, it } from '@jest/globals';
import { DOCUMENTS, blocks, read } from './documents.fixture.ts';

const LONGEST_SENTENCE = 35;
const LONGEST_MEAN = 17;
/** Words that a reader has to translate. */
const OLD_WORDS =
  /\b(?:depart(?:ed|ures?)|who(?:ever)|(?:no|some)body|a(?:new)|t(?:wins?)|(?:im)?pat(?:ience)|wish|house|pass(?:On)|gives? back|of which)\b/gi;

/** Sentences without code blocks, tables and headings' marks. A span of code counts as one word. */
function sentences(text: string): string[] {
  return text
    .replaceAll(/```[\s\S]*?```/g, '')
    .replaceAll(/^\|.*$/gm, '')
    .replaceAll(/`[^`]*`/g, 'code')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split(/(?<=[.!?:])\s+|\n{2,}|\n[-*#\d]/)
    .map((sentence) => sentence.trim());
}

const wordCount = (text: string) => text.split(/\s+/).filter(Boolean).length;

describe('the documents', () => {
  it('are all found', () => {
    expect(DOCUMENTS).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/errors.md',
        'docs/adr/0005-plain-node-and-libraries.md',
        'libs/client/README.md',
      ]),
    );
  });

  it.each(DOCUMENTS)('have no long sentence: %s', (path) => {
    const long = sentences(read(path)).filter((each) => wordCount(each) > LONGEST_SENTENCE);
    expect(long).toEqual([]);
  });

  it('have short sentences on average', () => {
    const counts = DOCUMENTS.flatMap((path) => sentences(read(path)).map(wordCount));
    const counted = counts.filter((count) => count > 2);
    const mean = counted.reduce((sum, count) => sum + count, 0) / counted.length;
    expect(mean).toBeLessThan(LONGEST_MEAN);
  });

  it.each(DOCUMENTS)("use the field's words: %s", (path) => {
    expect(read(path).match(OLD_WORDS)).toBeNull();
  });

  it.each(DOCUMENTS)('name files of tests and no titles: %s', (path) => {
    expect(read(path)).not.toMatch(/[.-]spec\.ts`?:? ["“]/);
  });

  it('begin with a README of two screens', () => {
    const readme = read('README.md');
    expect(readme.split('\n').length).toBeLessThanOrEqual(150);
    expect(wordCount(readme)).toBeLessThanOrEqual(1300);
    const [client = ''] = blocks('README.md', 'ts');
    expect(client.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
  });

  it('have a README that lists every page', () => {
    const pages = DOCUMENTS.filter((path) => /^docs\/[^/]+$/.test(path));
    const unlisted = pages.filter((page) => !read('README.md').includes(`](${page})`));
    expect(unlisted).toEqual([]);
  });

  it('have a short SECURITY.md', () => {
    expect(Buffer.byteLength(read('SECURITY.md'))).toBeLessThan(9000);
  });

  const decisions = DOCUMENTS.filter((path) => path.startsWith('docs/adr/'));
  it.each(decisions)('state the status of a decision, and have its three parts: %s', (path) => {
    const text = read(path);
    expect(text).toMatch(/^Status: (?:Accepted\.|Superseded by \[\d{4}\]\(\d{4}-[\w-]+\.md\)\.)$/m);
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Consequences']);
  });
});
