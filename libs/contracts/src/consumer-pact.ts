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
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: HeaderValues;
  /** JSON; absent: no body, and nothing that speaks of one. */
  readonly body?: unknown;
}

export interface ExpectedResponse {
  readonly status: number;
  readonly headers?: HeaderValues;
  /** JSON; absent: no body. */
  readonly body?: unknown;
  /** Plain text in the place of a body in JSON. */
  readonly text?: string;
  readonly rules?: typeof OPAQUE_ID;
}

/**
 * Rules for an `id`: Graph chooses it, in one of two shapes, and nobody may read more in it than a
 * text. Both are needed: to the type alone an empty text is an id, to the expression alone a number.
 */
export const OPAQUE_ID = opaqueAt('$.id');
/** The same for the first of a page of customers. */
export const OPAQUE_ID_LISTED = opaqueAt('$.value[0].id');

function opaqueAt(path: string) {
  const rules = [MatchersV3.string(DOCUMENTED.id), MatchersV3.regex(/^\S+$/, DOCUMENTED.id)];
  return { body: { path, rules } };
}

// Of a body that is no JSON Pact compares nothing but its type, unless a rule says more.
function exactly(text: string) {
  const pattern = new RegExp(`^${text.replaceAll(/\W/g, '\\$&')}$`);
  return { body: { path: '$', rules: [MatchersV3.regex(pattern, text)] } };
}

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
        if (request.query) builder.query(request.query);
        if (request.body === undefined) builder.headers(request.headers);
        else builder.headers({ ...JSON_TYPE, ...request.headers }).jsonBody(request.body);
      })
      .willRespondWith(response.status, (builder) => {
        const { headers = {}, body, text } = response;
        if (body !== undefined) builder.headers({ ...JSON_TYPE, ...headers }).jsonBody(body);
        else builder.headers(headers);
        if (text !== undefined) {
          builder.body('text/plain', Buffer.from(text)).matchingRules(exactly(text));
        }
        if (response.rules) builder.matchingRules(response.rules);
      })
      .executeTest(({ url }) => exercise(url));
    if (outcome === undefined) throw new Error(`the interaction "${receiving}" had no outcome`);
    return outcome;
  }
}
