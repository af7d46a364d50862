import { refusal } from './broker-refusal.ts';
import type { Exchange } from './broker-relay.ts';
import type { Broker } from './broker.ts';
import { member, parseJson } from './loose-json.ts';

/** What Pact's verifier and the broker said to each other about one provider. */
export class VerificationSummary {
  readonly #broker: Broker;
  #pacts = 0;
  #failedPacts = 0;
  #interactions = 0;
  #failedInteractions = 0;
  #published = 0;
  #refusal: string | undefined;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  readonly add = ({ method, path, sent, status, received }: Exchange): void => {
    const result = parseJson(sent);
    const tests = member(result, 'testResults');
    const isResult = method === 'POST' && Array.isArray(tests);
    if (isResult) {
      const failed = tests.filter((each: unknown) => member(each, 'success') !== true);
      this.#pacts += 1;
      this.#interactions += tests.length;
      this.#failedInteractions += failed.length;
      if (member(result, 'success') !== true) this.#failedPacts += 1;
    }
    const isWrite = isResult || method === 'PUT';
    if (isWrite && status !== undefined && status >= 400) {
      const known = refusal(this.#broker, status, true)?.message;
      this.#refusal ??=
        known ?? `the broker refused ${method} ${path} (HTTP ${status}): ${received}`;
    } else if (isResult && status !== undefined) this.#published += 1;
  };

  /** Whether each result that the verifier had was published. */
  get isPublished(): boolean {
    return this.#pacts > 0 && this.#published === this.#pacts && this.#refusal === undefined;
  }

  /**
   * One sentence.
   *
   * @param provider its name and version
   * @param passed whether the verification passed; pending pacts fail nothing
   * @param problem why it ended early
   * @param local why no results are published
   */
  line(provider: string, passed: boolean, problem?: string, local?: string): string {
    const why = this.#refusal ?? 'the verification did not reach that point';
    const publication = local ?? (this.isPublished ? undefined : why);
    const published = publication === undefined ? 'published' : `not published (${publication})`;
    return `${provider}: ${this.#verified(passed, problem)}; results ${published}.\n`;
  }

  #verified(passed: boolean, problem: string | undefined): string {
    if (this.#pacts === 0) return `verified nothing, ${problem ?? 'the output above says why'}`;
    const scope = `verified ${count(this.#interactions, 'interaction')} of ${count(this.#pacts, 'pact')}`;
    if (problem !== undefined) return `${scope}, then ended: ${problem}`;
    if (this.#failedPacts === 0)
      return `${scope}, ${passed ? 'all match' : 'but failed otherwise'}`;
    const failed = `${scope}, ${count(this.#failedInteractions, 'interaction')} of ${count(this.#failedPacts, 'pact')} failed`;
    return passed ? `${failed} (pending: no failure yet)` : failed;
  }
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
