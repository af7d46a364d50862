import { GraphError } from '@bookings/domain';
import { KeySetFault, fetchKeySet } from '../auth/key-set-source.ts';
import type { Config } from '../config/config.ts';
import { GraphCheck, reasonOf, tokenFailureIn } from '../graph/graph-check.ts';
import { businessAdvice } from './business-advice.ts';
import { connectionAdvice } from './connection-advice.ts';
import type { Finding } from './finding.ts';
import { checkStore } from './store-check.ts';
import { tokenAdvice } from './token-advice.ts';

/** Asks everything that the settings name and a request needs. Changes nothing. */
export async function onlineCheck(config: Config, business: string): Promise<readonly Finding[]> {
  const graph = new GraphCheck(config.graph);
  try {
    const [store, keySet, token] = await Promise.all([
      checkStore(config.idempotency),
      checkKeySet(config),
      checkToken(graph, config),
    ]);
    return [store, keySet, token, await checkBusiness(graph, token, business)];
  } finally {
    await graph.close();
  }
}

/** The findings, one line each, with what to do in a second one. */
export function report(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      if (finding.state === 'ok') return `${finding.part}: ok\n`;
      const line = `${finding.part}: ${finding.state}: ${finding.problem}\n`;
      return finding.state === 'failed' ? `${line}  ${finding.advice}\n` : line;
    })
    .join('');
}

async function checkKeySet({ auth }: Config): Promise<Finding> {
  const part = 'key set of the token issuers';
  try {
    await fetchKeySet(auth.jwksUrl);
    return { part, state: 'ok' };
  } catch (error) {
    if (!(error instanceof KeySetFault)) throw error;
    const advice =
      error.kind === 'status' || error.kind === 'content'
        ? 'Compare AUTH_JWKS_URL with jwks_uri in the OpenID configuration of the issuer.'
        : connectionAdvice(error.kind, 'AUTH_JWKS_URL');
    return { part, state: 'failed', problem: error.message, advice };
  }
}

async function checkToken(graph: GraphCheck, config: Config): Promise<Finding> {
  const part = 'token for Graph';
  try {
    await graph.acquireToken();
    return { part, state: 'ok' };
  } catch (error) {
    const failure = tokenFailureIn(error);
    if (!failure) throw error;
    const advice = tokenAdvice(failure, config.graph.credential.kind);
    return { part, state: 'failed', problem: reasonOf(failure), advice };
  }
}

async function checkBusiness(
  graph: GraphCheck,
  token: Finding,
  business: string,
): Promise<Finding> {
  const part = 'customers of the business';
  if (token.state !== 'ok') return { part, state: 'skipped', problem: 'there is no token' };
  try {
    await graph.readCustomers(business);
    return { part, state: 'ok' };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { part, state: 'failed', ...businessAdvice(error) };
  }
}
