type Setting = 'upstreamUrl' | 'upstreamToken' | 'issuer' | 'audience' | 'role';

/** What every peer is told, as JSON in the environment. */
export const settings = JSON.parse(process.env['PEER_SETTINGS'] ?? '') as Record<Setting, string>;
export const keySetUrl = `${settings.upstreamUrl}/keys`;

/** Connections to the upstream: more than requests at a time. */
export const connections = 64;
