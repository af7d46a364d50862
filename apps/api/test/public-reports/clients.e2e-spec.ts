import { beforeAll, describe, expect, it } from '@jest/globals';
import openapiTS, { astToString } from 'openapi-typescript';
import { useStack } from '../stack.ts';
import { CLIENTS } from './clients.ts';
import { titled } from './report.ts';

const stack = useStack();
let types: string;
beforeAll(async () => {
  const { text } = await stack.get('/openapi.json');
  types = astToString(await openapiTS(text));
});

describe('the types that are generated from /openapi.json', () => {
  it.each(titled(CLIENTS))('%s', (_title, { holds }) => {
    expect(holds(types)).toBe(true);
  });
});
