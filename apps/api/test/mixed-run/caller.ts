import { expect } from '@jest/globals';
import { type Stack, customersPath } from '../stack.ts';
import { SUCCESS, checkRefusal, checkSuccess } from './answers.ts';
import { Census } from './census.ts';
import { CollectionModel } from './collection-model.ts';
import type { Operation, Place, Step } from './operations.ts';
import { AFTER_REFUSAL, NO_TOKEN, predictedRefusal } from './predicted-refusal.ts';
import { type Asked, type Reply, ask, askInBatch, requestOf } from './requests.ts';

type Alone = Extract<Operation, { kind: 'alone' }>;
type Batch = Extract<Operation, { kind: 'batch' }>;

/** What a caller is told about the run. */
export interface Surroundings {
  readonly stack: Stack;
  readonly businesses: Readonly<Record<Place, string>>;
  readonly pageSize: number;
  /** Of the shared business. */
  readonly census: Census;
  /** By name; a name without one goes without. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** Performs operations, one after the other, and compares every answer with its models. */
export class Caller {
  /** `method business status` of every request that Graph must have seen. */
  readonly reachedGraph: string[] = [];
  /** `kind status` of every answer that was predicted. */
  readonly answers: string[] = [];
  readonly #models: Readonly<Record<Place, CollectionModel>>;

  constructor(private readonly around: Surroundings) {
    const { pageSize, census } = around;
    this.#models = {
      own: new CollectionModel(pageSize, new Census()),
      shared: new CollectionModel(pageSize, census),
      nowhere: new CollectionModel(pageSize, new Census()),
    };
  }

  get ownBusiness(): string {
    return this.around.businesses.own;
  }

  /** What must be there of this caller's. */
  customers(place: Place): CollectionModel['customers'] {
    return this.#models[place].customers;
  }

  /** Throws at the first difference between an answer and what was predicted. */
  async perform(operation: Operation): Promise<void> {
    const steps = operation.kind === 'alone' ? [operation.step] : operation.steps;
    const shared = steps.filter(({ place }) => place === 'shared').map(({ action }) => action);
    const done = this.around.census.begin(shared);
    const token = this.around.tokens.get(operation.token) ?? null;
    if (operation.kind === 'batch') await this.#inBatch(operation, token);
    else await this.#alone(operation, token);
    // Not after a difference: then nobody knows what there is.
    done();
  }

  async #alone({ token, step }: Alone, text: string | null): Promise<void> {
    const asked = this.#asked(step);
    this.#check(token, asked, await ask(this.around.stack, text, asked.request));
  }

  async #inBatch({ token, steps, chained }: Batch, text: string | null): Promise<void> {
    const asked = steps.map((step) => this.#asked(step));
    const { whole, parts } = await askInBatch(this.around.stack, text, asked, chained);
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

  #asked(step: Step): Asked {
    const { stack, businesses } = this.around;
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

  /** Whether the request succeeded, as it should. */
  #check(token: Operation['token'], asked: Asked, reply: Reply): boolean {
    const { step, request, model, id } = asked;
    const refusal = predictedRefusal(token, step, id, model);
    const { kind } = step.action;
    const status = refusal?.status ?? SUCCESS[kind];
    this.answers.push(`${kind} ${status}`);
    if (refusal?.refusedBy !== 'proxy') {
      const line = `${request.method} ${this.around.businesses[step.place]} ${status}`;
      this.reachedGraph.push(...reply.pages.map(() => line));
    }
    if (refusal) checkRefusal(refusal, reply);
    else checkSuccess(asked, reply);
    return refusal === undefined;
  }
}
