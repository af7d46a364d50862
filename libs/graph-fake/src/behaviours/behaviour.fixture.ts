import { afterAll, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { GraphFake } from '../graph-fake.ts';

/**
 * - `documented`: a page, a schema or a specification of Microsoft's says so;
 * - `observed`: somebody published a real answer;
 * - `inferred`: nobody said so; it follows from what is known, or stands in for what is not.
 */
export type Standing = 'documented' | 'inferred' | 'observed';

/** Something that Graph does, as far as is known, and the fake does as well. */
export interface Behaviour {
  /** A sentence that begins with Graph. */
  readonly graph: string;
  readonly standing: Standing;
  readonly source: string;
  /** Fails when the fake does otherwise. */
  readonly shows: (fake: GraphFake) => Promise<void>;
}

/** One test for each, against one fake that has forgotten what was before. */
export function keeps(what: string, behaviours: readonly Behaviour[]): void {
  describe(what, () => {
    let fake: GraphFake;
    beforeAll(async () => {
      fake = await GraphFake.start();
    });
    beforeEach(() => {
      fake.forget();
    });
    afterAll(() => fake.close());

    for (const { graph, standing, source, shows } of behaviours) {
      it(`${graph} (${standing}: ${source})`, () => shows(fake));
    }
  });
}

/** Sources that several rows name. */
export const CREATE_PAGE = 'v1.0 page "Create bookingCustomer"';
export const SCHEMA = 'msgraph-metadata, schemas/v1.0-Prod.csdl';
export const THROTTLING_PAGE = 'page "Microsoft Graph throttling guidance"';
