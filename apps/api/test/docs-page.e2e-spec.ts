import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from './chromium.ts';
import { BUSINESS, CREATE_PERMISSION, DOCUMENTED_RESPONSE } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();

describe('/docs', () => {
  it('is a page that loads only files of the proxy', async () => {
    const { status, headers, text } = await stack.get('/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^docs[/][\w.-]+$/);
      const file = await stack.get(`/${link}`);
      expect([file.status, file.text.length > 0]).toEqual([200, true]);
    }
  });

  it.each(['/docs/nothing.js', '/docs/..%2fmain.js', '/docs/constructor'])(
    'answers 404 for %s',
    async (path) => {
      const { status, error } = await stack.get(path);
      expect([status, error['code']]).toEqual([404, 'ResourceNotFound']);
    },
  );

  it('redirects /docs/ to /docs', async () => {
    const { status, headers } = await stack.request('GET', '/docs/', { token: null });
    expect([status, headers.get('location')]).toEqual([308, '../docs']);
  });
});

// `npm test` reports when there is no Chromium.
const executablePath = CHROMIUM;
if (executablePath !== undefined) {
  describe('/docs in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--no-first-run',
        ],
      });
    }, 60_000);
    afterAll(() => browser.close());

    it('sends the documented create with a pasted token and shows 201', async () => {
      const token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('requestfailed', (request) => complaints.push(request.url()));
      await page.goto(`${stack.url}/docs`);

      await page.getByRole('button', { name: 'Authorize' }).first().click();
      await page.getByLabel('auth-bearer-value').fill(token);
      await page.getByRole('button', { name: 'Apply credentials' }).click();
      await page.getByRole('button', { name: 'Close' }).last().click();

      const create = page.locator('#operations-Customers-createCustomer');
      await create.getByRole('button').first().click();
      await create.getByRole('button', { name: 'Execute' }).click();
      await create
        .locator('.live-responses-table .response-col_status', { hasText: '201' })
        .waitFor();

      const { id, '@odata.context': context, ...sent } = DOCUMENTED_RESPONSE;
      expect([typeof id, typeof context]).toEqual(['string', 'string']);
      expect(stack.fake.customers(BUSINESS)).toEqual([
        expect.objectContaining({ displayName: sent['displayName'], phones: sent['phones'] }),
      ]);
      const response = await create.locator('.live-responses-table').innerText();
      expect(response).toContain('Joni Sherman');
      expect(complaints).toEqual([]);
      await page.close();
    }, 60_000);
  });
}
