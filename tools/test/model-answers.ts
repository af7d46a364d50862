import { member } from '../pact/loose-json.ts';
import type { BrokerModel, WebhookRequest } from './broker-model.ts';
import { pactResource } from './broker-resources.ts';
import type { Arrived, BrokerBehaviour } from './recording-broker.ts';

type Answer = readonly [status: number, resource: unknown];
/** @param part what the path has, by its names */
type Handler = (part: (name: string) => string, body: unknown, base: string) => unknown;

const text = (value: unknown, name: string) => String(member(value, name));
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The HTTP interface of a model, for a recording broker, which answers all else. */
export function modelAnswers(model: BrokerModel): NonNullable<BrokerBehaviour['answers']> {
  const routes = routesOf(model);
  return ({ method, path, body }: Arrived, base): Answer | undefined => {
    for (const [verb, pattern, handler] of routes) {
      const match = verb === method ? pattern.exec(path) : null;
      if (match === null) continue;
      const resource = handler((name) => match.groups?.[name] ?? '', body, base);
      return resource === undefined ? [404, {}] : [200, resource];
    }
    return undefined;
  };
}

/** A broker does not wait for the receiver of a webhook. */
function send({ url, body }: WebhookRequest): void {
  const headers = { 'Content-Type': 'application/json' };
  fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
}

function routesOf(model: BrokerModel): readonly (readonly [string, RegExp, Handler])[] {
  const linkTo = (base: string, consumer: string, provider: string, version: string) =>
    `${base}/pacts/provider/${provider}/consumer/${consumer}/version/${version}`;
  return [
    [
      'POST',
      /^\/contracts\/publish$/,
      (_part, body, base) => {
        const consumerVersion = text(body, 'pacticipantVersionNumber');
        const branch = text(body, 'branch');
        for (const each of list(member(body, 'contracts'))) {
          const content = Buffer.from(text(each, 'content'), 'base64').toString();
          const [consumer, provider] = [text(each, 'consumerName'), text(each, 'providerName')];
          const pact = { consumer, consumerVersion, branch, provider, content };
          const address = linkTo(base, consumer, provider, consumerVersion);
          for (const request of model.publish(pact, address)) send(request);
        }
        return { notices: [] };
      },
    ],
    [
      'POST',
      /^\/pacts\/provider\/(?<provider>[^/]+)\/for-verification$/,
      (part, body, base) => {
        const provider = part('provider');
        const found = model.forVerification(provider, text(body, 'providerVersionBranch'));
        const pacts = found.map(({ pact: { consumer, consumerVersion }, isPending }) => ({
          shortDescription: 'as the selectors say',
          verificationProperties: { pending: isPending, notices: [] },
          _links: {
            self: { href: linkTo(base, consumer, provider, consumerVersion), name: 'A pact' },
          },
        }));
        return { _embedded: { pacts }, _links: { self: { href: base } } };
      },
    ],
    [
      'GET',
      /^\/pacts\/provider\/(?<provider>[^/]+)\/consumer\/(?<consumer>[^/]+)\/version\/(?<version>.+)$/,
      (part, _body, base) => {
        const [provider, consumer, version] = [part('provider'), part('consumer'), part('version')];
        const content = model.contentOf(consumer, version, provider);
        if (content === undefined) return undefined;
        const here = linkTo(base, consumer, provider, version);
        const results = `${provider}/of/${consumer}/${version}`;
        return pactResource(base, provider, content, here, results);
      },
    ],
    [
      'POST',
      /^\/verification-results\/(?<provider>[^/]+)\/of\/(?<consumer>[^/]+)\/(?<version>.+)$/,
      (part, body) => {
        const content = model.contentOf(part('consumer'), part('version'), part('provider'));
        const providerVersion = text(body, 'providerApplicationVersion');
        const success = member(body, 'success') === true;
        model.verify({ content: content ?? '', providerVersion, success });
        return { _links: {} };
      },
    ],
    [
      'GET',
      /^\/matrix\?(?<query>.*)$/,
      (part) => {
        const asked = [
          ...part('query').matchAll(/pacticipant\]=([^&]+)&q\[\]\[version\]=([^&]+)/g),
        ];
        const deployable = model.isDeployable(
          new Map(asked.map(([, name = '', version = '']) => [name, version])),
        );
        const summary = { deployable, reason: 'so it is', success: 1, failed: 0, unknown: 0 };
        return { summary, notices: [], matrix: [] };
      },
    ],
    [
      'PUT',
      /^\/pacticipants\/(?<name>[^/]+)\/branches\/(?<branch>.+)\/versions\/(?<version>[^/]+)$/,
      (part) => {
        model.setBranch(part('name'), part('version'), part('branch'));
        return {};
      },
    ],
    [
      'POST',
      /^\/pacticipants\/(?<pacticipant>[^/]+)\/versions\/(?<version>[^/]+)\/(?<kind>deployed|released)-/,
      (part) => {
        const [pacticipant, version] = [part('pacticipant'), part('version')];
        const kind = part('kind') === 'deployed' ? 'deployed' : 'released';
        model.record({ pacticipant, version, kind });
        return { _links: {} };
      },
    ],
    [
      'PATCH',
      /^\/in-use\/(?<name>[^/]+)\/(?<version>.+)$/,
      (part) => {
        model.end(part('name'), part('version'));
        return {};
      },
    ],
    [
      'POST',
      /^\/webhooks$/,
      (_part, body) => {
        const request = member(body, 'request');
        const template = JSON.stringify(member(request, 'body'));
        model.webhooks.set(text(member(body, 'provider'), 'name'), {
          url: text(request, 'url'),
          body: template,
        });
        return { _links: {} };
      },
    ],
  ];
}
