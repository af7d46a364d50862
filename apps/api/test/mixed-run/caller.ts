import { expect } from '@jest/globals';
import { customersPath } from '../documented.ts';
import { type Stack } from '../stack.ts';
import { SUCCESS, checkRefusal, checkSuccess } from './check-response.ts';
import { Census } from './census.ts';
import { CollectionModel } from './collection-model.ts';
import type { Operation, Place, Step } from './operations.ts';
import { AFTER_REFUSAL, NO_TOKEN, predictedRefusal } from './predicted-refusal.ts';
import { type SentRequest, type Reply, send, sendBatch, requestOf } from './requests.ts';

type Alone = Extract<Operation, { kind: 'alone' }>;
type Batch = Extract<Operation, { kind: 'batch' }>;

/** What all operations of a caller need. */
export interface CallerContext {
  readonly stack: Stack;
  readonly businesses: Readonly<Record<Place, string>>;
  readonly pageSize: number;
  /** The census of the shared business. */
  readonly census: Census;
  /** Tokens by name. The others send no token. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** Performs operations in sequence and compares each response with its models. */
export class Caller {
  /** `method business status` of every request that Graph must have received. */
  readonly reachedGraph: string[] = [];
  /** `kind status` of every predicted response. */
  readonly responses: string[] = [];
  readonly #models: Readonly<Record<Place, CollectionModel>>;

  constructor(private readonly context: CallerContext) {
    const { pageSize, census } = context;
    this.#models = {
      own: new CollectionModel(pageSize, new Census()),
      shared: new CollectionModel(pageSize, census),
      nowhere: new CollectionModel(pageSize, new Census()),
    };
  }

  get ownBusiness(): string {
    return this.context.businesses.own;
  }

  /** The customers of this caller that must exist. */
  customers(place: Place): CollectionModel['customers'] {
    return this.#models[place].customers;
  }

  /** Throws when a response differs from the prediction. */
  async perform(operation: Operation): Promise<void> {
    const steps = operation.kind === 'alone' ? [operation.step] : operation.steps;
    const shared = steps.filter(({ place }) => place === 'shared').map(({ action }) => action);
    const done = this.context.census.begin(shared);
    const token = this.context.tokens.get(operation.token) ?? null;
    if (operation.kind === 'batch') await this.#inBatch(operation, token);
    else await this.#alone(operation, token);
    // This is skipped after a difference, because the state is unknown then.
    done();
  }

  async #alone({ token, step }: Alone, text: string | null): Promise<void> {
    const sent = this.#sent(step);
    this.#check(token, sent, await send(this.context.stack, text, sent.request));
  }

  async #inBatch({ token, steps, chained }: Batch, text: string | null): Promise<void> {
    const sent = steps.map((step) => this.#sent(step));
    const { whole, parts } = await sendBatch(this.context.stack, text, sent, chained);
    if (token === 'none') {
      checkRefusal(NO_TOKEN, whole);
      return;
    }
    expect(whole.status).toBe(200);
    let goesOn = true;
    for (const [each, reply] of parts) {
      if (goesOn) goesOn = this.#check(token, each, reply) || !chained;
      else checkRefusal(AFTER_REFUSAL, reply);
    }
  }

  #sent(step: Step): SentRequest {
    const { stack, businesses } = this.context;
    const { place, capitals, action } = step;
    const model = this.#models[place];
    const business = businesses[place];
    const written = encodeURIComponent(capitals ? business.toUpperCase() : business);
    const id = 'customer' in action ? model.idOf(action.customer) : undefined;
    const path = customersPath(written);
    const key = encodeURIComponent(business);
    return {
      step,
      model,
      id,
      request: requestOf(action, path, id),
      moment: model.census.now(),
      collectionUrl: `${stack.url}${path}`,
      context: `${stack.fake.graphUrl}/solutions/$metadata#bookingBusinesses('${key}')/customers`,
    };
  }

  /** Compares a response with the prediction. Returns whether the request succeeded. */
  #check(token: Operation['token'], sent: SentRequest, reply: Reply): boolean {
    const { step, request, model, id } = sent;
    const refusal = predictedRefusal(token, step, id, model);
    const { kind } = step.action;
    const status = refusal?.status ?? SUCCESS[kind];
    this.responses.push(`${kind} ${status}`);
    if (refusal?.refusedBy !== 'proxy') {
      const line = `${request.method} ${this.context.businesses[step.place]} ${status}`;
      this.reachedGraph.push(...reply.pages.map(() => line));
    }
    if (refusal) checkRefusal(refusal, reply);
    else checkSuccess(sent, reply);
    return refusal === undefined;
  }
}
