import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ANSWERED, LimiterUnderTest, NOT_SENT, UNANSWERED, throttled } from './limiter.fixture.ts';
import { LimiterModel } from './limiter-model.fixture.ts';
import type { AttemptEnd } from './place.ts';

type Real = LimiterUnderTest;

/** One step, by its name and what it does. */
class Step implements fc.AsyncCommand<LimiterModel, Real> {
  constructor(
    private readonly name: string,
    private readonly step: (model: LimiterModel) => Promise<void>,
  ) {}

  check(): boolean {
    return true;
  }

  run(model: LimiterModel): Promise<void> {
    return this.step(model);
  }

  toString(): string {
    return this.name;
  }
}

const caller = fc.constantFrom('a', 'b', 'c');
const end = fc.oneof(
  { weight: 4, arbitrary: fc.constant(ANSWERED) },
  fc.constant(NOT_SENT),
  fc.constant(UNANSWERED),
  fc
    .tuple(fc.option(fc.nat(70_000), { nil: undefined }), fc.boolean())
    .map((args) => throttled(...args)),
);
const ask = fc
  .record({
    caller,
    deadlineMs: fc.constantFrom(100, 3000, 3_600_000),
    isRepeat: fc.constantFrom(false, false, false, true),
  })
  .map((options) => new Step(`ask ${JSON.stringify(options)}`, (model) => model.ask(options)));
const commands = [
  ask,
  ask,
  fc.tuple(fc.nat(), end).map(([index, how]: [number, AttemptEnd]) => {
    return new Step(`end ${index} ${JSON.stringify(how)}`, (model) => model.end(index, how));
  }),
  fc.nat().map((index) => new Step(`abort ${index}`, (model) => model.abort(index))),
  fc.oneof(fc.nat(100), fc.nat(10_000), fc.constant(60_000)).map((ms) => {
    return new Step(`pass ${ms}`, (model) => model.pass(ms));
  }),
];

describe('the limiter', () => {
  it('never exceeds its limit, refuses no one while a place is free, and is fair', async () => {
    const options = fc.record({
      concurrency: fc.integer({ min: 1, max: 6 }),
      queueLimit: fc.integer({ min: 1, max: 5 }),
      lingerMs: fc.constantFrom(0, 2000),
    });
    await fc.assert(
      fc.asyncProperty(
        options,
        fc.commands(commands, { maxCommands: 60 }),
        async (given, steps) => {
          const test = new LimiterUnderTest(given);
          const model = new LimiterModel(test, given);
          await fc.asyncModelRun(() => ({ model, real: test }), steps);
          // No waiter is lost: each gets a place, is refused, or has left.
          for (let rounds = 0; model.waiting.length + model.running.length > 0; rounds += 1) {
            expect(rounds).toBeLessThan(500);
            if (model.running.length > 0) await model.end(0, ANSWERED);
            else await model.pass(10_000);
          }
          await model.pass(600_000);
          expect(test.limiter.occupancy()).toEqual({
            placesInUse: 0,
            waiting: 0,
            loweredLimits: 0,
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});
