import { describe, expect, it } from '@jest/globals';
import { failuresAfter, type Mutate, type Mutation } from './mutations.ts';
import { type Pacticipant, pactFile } from './pact-file.ts';
import type { PactSource } from './verification.ts';

/**
 * Declares one test for each mutation: the verification of the pact must fail with the wrong
 * response, and must pass without it. With a variation, which consumers must bear, it must pass.
 */
export function describeMutations(
  consumer: Pacticipant,
  provider: Pacticipant,
  verifyProvider: (pacts: PactSource, onResponse?: Mutate) => Promise<void>,
  mutations: readonly Mutation[],
  variations: readonly Mutation[],
): void {
  const file = pactFile(consumer, provider);

  describe(`the verification of ${provider}`, () => {
    it('passes with the responses that the provider gives', async () => {
      const only = [...new Set(mutations.map(([, interaction]) => interaction))];
      await expect(verifyProvider({ file, only })).resolves.toBeUndefined();
    });

    it.each(mutations)('fails with %s', async (_title, interaction, mutate) => {
      const failures = failuresAfter(mutate, (onResponse) =>
        verifyProvider({ file, only: [interaction] }, onResponse),
      );
      await expect(failures).resolves.toMatch(/There were 1 pact failures/);
    });

    it.each(variations)('passes with %s', async (_title, interaction, mutate) => {
      let mutated = 0;
      await verifyProvider({ file, only: [interaction] }, (response) => {
        mutate(response);
        mutated += 1;
      });
      expect(mutated).toBeGreaterThan(0);
    });
  });
}
