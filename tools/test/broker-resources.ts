const PRODUCTION = {
  uuid: 'c540ce64-5493-48c5-ab7c-28dae27b166b',
  name: 'production',
  displayName: 'Production',
  production: true,
  createdAt: '2026-11-24T00:00:00+00:00',
};

/** The environments, one of them, or what is deployed or released there. */
export function environment(base: string, path: string, isInUse: boolean): unknown {
  const self = `${base}/environments/${PRODUCTION.uuid}`;
  const links = { self: { href: self } };
  if (/^\/environments\??$/.test(path)) {
    return { _embedded: { environments: [{ ...PRODUCTION, _links: links }] }, _links: links };
  }
  const [, pacticipant = '', number = 'deployed'] =
    /[?]pacticipant=([^&]+)(?:&version=(.+))?$/.exec(path) ?? [];
  if (pacticipant !== '') {
    const used = {
      _embedded: { pacticipant: { name: pacticipant }, version: { number } },
      _links: { self: { href: `${base}/in-use/${pacticipant}/${number}` } },
    };
    const list = isInUse ? [used] : [];
    return { _embedded: { deployedVersions: list, releasedVersions: list } };
  }
  const current = (kind: string) => ({ href: `${self}/${kind}` });
  return {
    ...PRODUCTION,
    _links: {
      ...links,
      'pb:currently-deployed-deployed-versions': current('deployed-versions/currently-deployed'),
      'pb:currently-supported-released-versions': current('released-versions/currently-supported'),
    },
  };
}

/** The index. `calls` is where pacts are published. */
export function index(base: string, calls: string): unknown {
  const link = (path: string) => ({ href: base + path, templated: path.includes('{') });
  return {
    _links: {
      self: link('/'),
      'pb:publish-contracts': {
        href: `${calls}/contracts/publish`,
      },
      'pb:webhooks': link('/webhooks'),
      'pb:environments': link('/environments'),
      'pb:environment': link('/environments/{uuid}'),
      'pb:pacticipants': link('/pacticipants'),
      'pb:pacticipant': link('/pacticipants/{pacticipant}'),
      'pb:pacticipant-version': link('/pacticipants/{pacticipant}/versions/{version}'),
      'pb:pacticipant-branch-version': link(
        '/pacticipants/{pacticipant}/branches/{branch}/versions/{version}',
      ),
      'pb:provider-pacts-for-verification': link('/pacts/provider/{provider}/for-verification'),
    },
  };
}

/** A pact with its links. */
export function pactResource(
  base: string,
  provider: string,
  pact: string,
  here: string,
  resultsOf = provider,
): unknown {
  const results = { href: `${base}/verification-results/${resultsOf}` };
  const links = {
    self: { href: here },
    'pb:provider': { href: `${base}/pacticipants/${provider}` },
    'pb:publish-verification-results': results,
  };
  const content = Object.assign({ interactions: [] }, parsed(pact));
  // The broker gives each interaction an id, by which the verifier reports it.
  const interactions = Array.from(content.interactions, (each, index) =>
    Object.assign({ _id: String(index) }, each),
  );
  return { ...content, interactions, _links: links };
}

/** Parses JSON. @returns undefined if it is invalid */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
