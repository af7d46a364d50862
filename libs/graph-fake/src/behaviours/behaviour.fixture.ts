import { afterAll, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { GraphFake } from '../graph-fake.ts';

/**
 * - `documented`: a page, a schema or a specification of Microsoft says so;
 * - `observed`: a real response was published;
 * - `inferred`: it follows from other facts, or replaces an unknown one;
 * - `our policy`: sources contradict each other, and the fake takes the side of the proxy.
 */
export type Evidence = 'documented' | 'inferred' | 'observed' | 'our policy';

/** A behaviour of Graph that the fake reproduces. */
export interface Behaviour {
  /** A sentence whose subject is Graph. */
  readonly graph: string;
  readonly evidence: Evidence;
  readonly source: string;
  /** Rejects if the fake behaves differently. */
  readonly verify: (fake: GraphFake) => Promise<void>;
}

/** Declares one test for each behaviour. The tests share one fake, which is reset between them. */
export function describeBehaviours(what: string, behaviours: readonly Behaviour[]): void {
  describe(what, () => {
    let fake: GraphFake;
    beforeAll(async () => {
      fake = await GraphFake.start();
    });
    beforeEach(() => {
      fake.forget();
    });
    afterAll(() => fake.close());

    for (const { graph, evidence, source, verify } of behaviours) {
      it(`${graph} (${evidence}: ${source})`, () => verify(fake));
    }
  });
}

/** Sources of several rows. */
export const CREATE_PAGE = 'v1.0 page "Create bookingCustomer"';
export const SCHEMA = 'msgraph-metadata, schemas/v1.0-Prod.csdl';
export const THROTTLING_PAGE = 'page "Microsoft Graph throttling guidance"';
