import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { DOCUMENTED } from './index.ts';

it("the customer of the contracts equals the one of Microsoft's page", () => {
  const file = new URL('../../domain/src/model/documented-customer.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(DOCUMENTED.customer);
});
