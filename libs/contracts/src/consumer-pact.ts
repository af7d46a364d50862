import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import { DOCUMENTED } from './documented-example.ts';
import type { fromState } from './state-values.ts';
import { interactionsIn, PACTS_FOLDER, pactFile, type Pacticipant } from './pact-file.ts';

/** An exact value, or a matcher with an example. */
type Text = string | ReturnType<typeof MatchersV3.regex | typeof fromState>;
type Texts = Readonly<Record<string, Text>>;

type StateParameters = NonNullable<Parameters<ReturnType<PactV4['addInteraction']>['given']>[1]>;

/** The name of a provider state, and what it is about. */
export interface State {
  readonly name: string;
  readonly parameters: StateParameters;
}

export interface Situation {
  /** The provider states. Those without parameters are names. */
  readonly states: readonly (State | string)[];
  /** The description of the interaction. It continues "upon receiving". */
  readonly receiving: string;
}

export interface ExpectedRequest {
  readonly method: string;
  readonly path: Text;
  readonly query?: Texts;
  readonly headers: Texts;
  /** JSON. Without it there is neither a body nor a Content-Type. */
  readonly body?: unknown;
}

export interface ExpectedResponse {
  readonly status: number;
  readonly headers?: Texts;
  /** JSON. */
  readonly body?: unknown;
  /** Plain text instead of JSON. */
  readonly text?: string;
  readonly rules?: typeof OPAQUE_ID;
}

/**
 * Rules for an `id`, which Graph chooses and consumers must not parse. The type alone would match an
 * empty string, and the expression alone a number.
 */
export const OPAQUE_ID = opaqueAt('$.id');
/** `OPAQUE_ID` for the first customer of a page. */
export const OPAQUE_ID_LISTED = opaqueAt('$.value[0].id');

function opaqueAt(path: string) {
  const rules = [MatchersV3.string(DOCUMENTED.id), MatchersV3.regex(/^\S+$/, DOCUMENTED.id)];
  return { body: { path, rules } };
}

// Without a rule Pact compares only the content type of a body that is not JSON.
function exactly(text: string) {
  const pattern = new RegExp(`^${text.replaceAll(/\W/g, '\\$&')}$`);
  return { body: { path: '$', rules: [MatchersV3.regex(pattern, text)] } };
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/**
 * The pact of a consumer. Pact adds interactions to an existing file and removes none, so the Nx
 * target deletes the file before the tests write it.
 */
export class ConsumerPact {
  /** The descriptions of the interactions so far. */
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

  /** The descriptions of the interactions in the file. */
  get written(): string[] {
    return interactionsIn(this.#file).map(({ description }) => description);
  }

  /**
   * Adds an interaction and calls the consumer with the address of a mock provider.
   *
   * @param exercise must not reject for an expected response, because Pact would then leave the
   *   interaction out of the file without an error
   */
  async interact<T>(
    { states, receiving }: Situation,
    request: ExpectedRequest,
    response: ExpectedResponse,
    exercise: (url: string) => Promise<T>,
  ): Promise<T> {
    this.tested.push(receiving);
    const interaction = this.#pact.addInteraction();
    for (const state of states) {
      if (typeof state === 'string') interaction.given(state);
      else interaction.given(state.name, state.parameters);
    }
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
    if (outcome === undefined)
      throw new Error(`The interaction "${receiving}" returned no result.`);
    return outcome;
  }
}
