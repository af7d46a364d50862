import { describe, expect, it } from '@jest/globals';
import { docsFile } from './docs-page.ts';

describe('a file of the documentation page', () => {
  it.each(['page.js', 'page.css', 'favicon-32x32.png', 'swagger-ui.css', 'swagger-ui-bundle.js'])(
    'is read once and kept in memory once: %s',
    async (name) => {
      const requests = Array.from({ length: 100 }, () => docsFile(name));
      const bytes = (await Promise.all(requests)).map((file) => file?.bytes);
      bytes.push((await docsFile(name))?.bytes);
      expect(bytes[0]).toBeInstanceOf(Buffer);
      expect(new Set(bytes).size).toBe(1);
    },
  );

  it('is found by its exact name only', async () => {
    for (const name of ['', 'nothing.js', 'constructor', '__proto__', '../page.js']) {
      expect(await docsFile(name)).toBeUndefined();
    }
  });
});
