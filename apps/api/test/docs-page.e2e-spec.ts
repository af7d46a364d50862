import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type Page, chromium } from 'playwright-core';
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

  it('is where / leads, for everyone and for the moment', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await stack.request(method, '/', { token: null });
      expect([status, headers.get('location')]).toEqual([302, 'docs']);
    }
    const { status, headers } = await stack.request('POST', '/', { token: null });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await stack.get('//')).status).toBe(404);
  });

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
    });
    afterAll(() => browser.close());

    const open = async (width: number, colorScheme: 'light' | 'dark' = 'light') => {
      const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
      await page.goto(`${stack.url}/docs`);
      await operation(page, 'createCustomer').waitFor();
      return page;
    };
    const operation = (page: Page, id: string) => page.locator(`#operations-Customers-${id}`);
    const authorize = async (page: Page, token: string) => {
      await page.getByRole('button', { name: 'Authorize' }).first().click();
      await page.getByLabel('auth-bearer-value').fill(token);
      await page.getByRole('button', { name: 'Apply credentials' }).click();
      await page.getByRole('button', { name: 'Close' }).last().click();
    };
    const execute = async (page: Page, id: string, status: number) => {
      const opened = operation(page, id);
      await opened.getByRole('button').first().click();
      await opened.getByRole('button', { name: 'Execute' }).click();
      await opened
        .locator('.live-responses-table .response-col_status', { hasText: String(status) })
        .waitFor();
    };

    it.each([390, 1280])(
      'is no wider than a screen of %i pixels',
      async (width) => {
        const page = await open(width);
        await operation(page, 'createCustomer').getByRole('button').first().click();
        await page.getByRole('button', { name: 'Execute' }).waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        await page.close();
      },
      60_000,
    );

    it.each([
      ['light', /^rgb[(]255, 255, 255[)]|^rgba[(]0, 0, 0, 0[)]/],
      ['dark', /^rgb[(]28, 32, 34[)]/],
    ] as const)(
      'is %s where the system is',
      async (scheme, background) => {
        const page = await open(390, scheme);
        const shown = await page.evaluate(
          'getComputedStyle(document.documentElement).backgroundColor',
        );
        expect(shown).toMatch(background);
        await page.close();
      },
      60_000,
    );

    it('shows each error as one line, which unfolds', async () => {
      const page = await open(390);
      const create = operation(page, 'createCustomer');
      await create.getByRole('button').first().click();
      const line = create.getByRole('button', { name: /^BadRequest: / });
      await line.waitFor();
      expect((await line.boundingBox())?.height).toBeLessThan(40);
      expect(await create.locator('.unfolded').count()).toBe(0);
      await line.click();
      expect(await create.locator('.unfolded').innerText()).toContain('addresses[1].type');
      await page.close();
    });

    it('keeps the token over a reload, for this tab only, until it is logged out', async () => {
      const page = await open(1280);
      await authorize(
        page,
        ` Bearer ${await stack.fake.issueToken({ roles: [CREATE_PERMISSION] })}`,
      );
      await page.reload();
      await execute(page, 'createCustomer', 201);
      expect(await page.evaluate('localStorage.length')).toBe(0);
      await page.getByRole('button', { name: 'Authorize' }).first().click();
      await page.getByRole('button', { name: 'Remove authorization' }).click();
      expect(await page.evaluate('sessionStorage.length')).toBe(0);
      await page.close();
    });

    it.each([
      ['createCustomer', 201],
      ['listCustomers', 200],
    ] as const)(
      'enters the id of a customer from %s',
      async (source, status) => {
        if (source === 'listCustomers') await stack.create();
        const page = await open(390);
        await authorize(page, await stack.fake.issueToken({ roles: [CREATE_PERMISSION] }));
        await execute(page, source, status);
        await execute(page, 'getCustomer', 200);
        await page.close();
      },
      60_000,
    );

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
    });
  });
}
