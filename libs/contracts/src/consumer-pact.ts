import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import { DOCUMENTED } from './documented-example.ts';
import { interactionsIn, PACTS_FOLDER, pactFile, type Pacticipant } from './pact-file.ts';

/** An exact value, or what a value must be like with an example of it. */
type HeaderValues = Readonly<Record<string, string | ReturnType<typeof MatchersV3.regex>>>;

export interface Situation {
  /** What the provider must be made to be first. */
  readonly states: readonly string[];
  /** The interaction, as a sentence that goes on from "upon receiving". */
  readonly receiving: string;
}

export interface ExpectedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderValues;
  readonly body: unknown;
}

export interface ExpectedResponse {
  readonly status: number;
  readonly headers?: HeaderValues;
  readonly body: unknown;
  readonly rules?: typeof OPAQUE_ID;
}

/**
 * Rules for an `id`: Graph chooses it, in one of two shapes, and nobody may read more in it than a
 * text. Both are needed: to the type alone an empty text is an id, to the expression alone a number.
 */
export const OPAQUE_ID = {
  body: {
    path: '$.id',
    rules: [MatchersV3.string(DOCUMENTED.id), MatchersV3.regex(/^\S+$/, DOCUMENTED.id)],
  },
};

const JSON_TYPE = { 'Content-Type': 'application/json' };

/**
 * The pact of a consumer, to which its tests add interactions in JSON. Files are merged into and
 * never replaced: the Nx target that runs the tests removes what lies there first.
 */
export class ConsumerPact {
  /** The interactions so far. */
  readonly tested: string[] = [];
  readonly #pact: PactV4;
  readonly #file: string;

  constructor(consumer: Pacticipant, provider: Pacticipant) {
    this.#file = pactFile(consumer, provider);
    this.#pact = new PactV4({
      consumer,
      provider,
      dir: PACTS_FOLDER,
      logLevel: 'warn',
      cors: false,
    });
  }

  /** The interactions that stand in the file. */
  get written(): string[] {
    return interactionsIn(this.#file).map(({ description }) => description);
  }

  /**
   * Adds an interaction, and exercises the consumer against a provider at `url` that answers so.
   * `exercise` must not reject for an answer that was expected: such an interaction would be left
   * out of the pact without a word.
   */
  async interact<T>(
    { states, receiving }: Situation,
    request: ExpectedRequest,
    response: ExpectedResponse,
    exercise: (url: string) => Promise<T>,
  ): Promise<T> {
    this.tested.push(receiving);
    const interaction = this.#pact.addInteraction();
    for (const state of states) interaction.given(state);
    const outcome = await interaction
      .uponReceiving(receiving)
      .withRequest(request.method, request.path, (builder) => {
        builder.headers({ ...JSON_TYPE, ...request.headers }).jsonBody(request.body);
      })
      .willRespondWith(response.status, (builder) => {
        builder.headers({ ...JSON_TYPE, ...response.headers }).jsonBody(response.body);
        if (response.rules) builder.matchingRules(response.rules);
      })
      .executeTest(({ url }) => exercise(url));
    if (outcome === undefined) throw new Error(`the interaction "${receiving}" had no outcome`);
    return outcome;
  }
}
