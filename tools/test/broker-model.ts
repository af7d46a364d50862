/** One row of the matrix: a pact of a consumer, and whether a version of the provider keeps it. */
interface Verification {
  readonly content: string;
  readonly providerVersion: string;
  readonly success: boolean;
}

interface Pact {
  readonly consumer: string;
  readonly consumerVersion: string;
  readonly branch: string;
  readonly provider: string;
  readonly content: string;
}

interface Use {
  readonly pacticipant: string;
  readonly version: string;
  readonly kind: 'deployed' | 'released';
}

export interface WebhookRequest {
  readonly url: string;
  readonly body: string;
}

/**
 * What a Pact broker knows of versions and environments, as its documentation describes it. It has
 * one environment, and knows no tags.
 */
export class BrokerModel {
  readonly #pacts: Pact[] = [];
  readonly #verifications: Verification[] = [];
  readonly #branches = new Map<string, string>();
  #uses: Use[] = [];
  /** By provider. */
  readonly webhooks = new Map<string, WebhookRequest>();

  /**
   * Publishes a pact.
   *
   * @returns the requests of webhooks: one for each version of the provider that must verify it
   */
  publish(pact: Pact, pactUrl: string): WebhookRequest[] {
    const { provider, content } = pact;
    const isKnown = this.#pacts.some(
      (each) => each.provider === provider && each.content === content,
    );
    this.#pacts.push(pact);
    const hook = this.webhooks.get(provider);
    if (isKnown || hook === undefined) return [];
    const used = this.#uses.filter(({ pacticipant }) => pacticipant === provider);
    const onMain = [...this.#branches].findLast(
      ([name, branch]) => name.startsWith(`${provider} `) && branch === 'main',
    );
    const [, main = ''] = onMain?.[0].split(' ') ?? [];
    const versions = new Set([...used.map(({ version }) => version), main]);
    return [...versions].map((version) => ({
      url: hook.url,
      body: hook.body
        .replace('${pactbroker.pactUrl}', pactUrl)
        .replace('${pactbroker.providerVersionNumber}', version)
        .replace('${pactbroker.providerVersionBranch}', 'main'),
    }));
  }

  /** The branch of a version of a provider. */
  setBranch(pacticipant: string, version: string, branch: string): void {
    this.#branches.set(`${pacticipant} ${version}`, branch);
  }

  verify(verification: Verification): void {
    this.#verifications.push(verification);
  }

  /** The pact of a version of a consumer. */
  contentOf(consumer: string, version: string, provider: string): string | undefined {
    return this.#pacts.findLast(
      (each) =>
        each.consumer === consumer &&
        each.provider === provider &&
        each.consumerVersion === version,
    )?.content;
  }

  /** The pacts that a branch of a provider verifies, and whether each is pending for it. */
  forVerification(provider: string, branch: string): { pact: Pact; isPending: boolean }[] {
    const latest = new Map(
      this.#pacts
        .filter((pact) => pact.provider === provider)
        .map((pact) => [`${pact.branch} ${pact.content}`, pact]),
    );
    return [...latest.values()].map((pact) => ({
      pact,
      // Until a version of the provider on this branch has kept it.
      isPending: !this.#verifications.some(
        ({ content, success, providerVersion }) =>
          success &&
          content === pact.content &&
          this.#branches.get(`${provider} ${providerVersion}`) === branch,
      ),
    }));
  }

  record(use: Use): void {
    if (use.kind === 'deployed') this.end(use.pacticipant);
    this.#uses.push(use);
  }

  /** Ends what is in use of a pacticipant, or only one version. */
  end(pacticipant: string, version?: string): void {
    this.#uses = this.#uses.filter(
      (use) =>
        use.pacticipant !== pacticipant || (version !== undefined && use.version !== version),
    );
  }

  /** Whether these versions can be used together, and with all others in the environment. */
  isDeployable(asked: ReadonlyMap<string, string>): boolean {
    const versionsOf = (pacticipant: string) => {
      const version = asked.get(pacticipant);
      if (version !== undefined) return [version];
      return this.#uses.filter((use) => use.pacticipant === pacticipant).map((use) => use.version);
    };
    const pairs = new Set(this.#pacts.map(({ consumer, provider }) => `${consumer} ${provider}`));
    return [...pairs].every((pair) => {
      const [consumer = '', provider = ''] = pair.split(' ');
      if (!asked.has(consumer) && !asked.has(provider)) return true;
      const providers = versionsOf(provider);
      return versionsOf(consumer).every((consumerVersion) => {
        const content = this.contentOf(consumer, consumerVersion, provider);
        if (content === undefined) return true;
        return providers.length > 0 && providers.every((each) => this.#keeps(each, content));
      });
    });
  }

  #keeps(providerVersion: string, content: string): boolean {
    return (
      this.#verifications.findLast(
        (each) => each.providerVersion === providerVersion && each.content === content,
      )?.success === true
    );
  }
}
