import { MatchersV3 } from '@pact-foundation/pact';

/**
 * A value that the provider chooses. `expression` has names in `${…}`, which the handlers of the
 * provider states return, so that a verification needs the pact and its states alone. A consumer's test
 * uses `example`. The value must be equal to it.
 */
export function fromState(expression: string, example: string) {
  return { ...MatchersV3.fromProviderState(expression, example), ...MatchersV3.equal(example) };
}

/** The header of a caller whose token a state returns as `token`. */
export function bearerToken(example: string) {
  const header = `Bearer ${example}`;
  const generated = MatchersV3.fromProviderState('Bearer ${token}', header);
  return { ...generated, ...MatchersV3.regex(/^Bearer \S+$/, header) };
}

/** A link whose path and query match. A consumer's test gets it with the address of the mock provider. */
export function ownLink(path: RegExp, example: string) {
  return {
    'pact:matcher:type': 'regex',
    'pact:generator:type': 'MockServerURL',
    regex: `^.*(${path.source})$`,
    value: example,
    example,
  };
}
