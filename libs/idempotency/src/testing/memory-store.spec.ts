import { describe } from '@jest/globals';
import { MemoryUnderTest } from './memory-under-test.ts';
import { specifyStore } from './specification/store-specification.ts';

describe('MemoryStore', () => {
  specifyStore(() => Promise.resolve(new MemoryUnderTest()), { inOrder: true });
});
