type Setting = 'upstreamUrl' | 'upstreamToken' | 'issuer' | 'audience' | 'role';

/** The settings of every peer, as JSON in the environment. */
export const settings = JSON.parse(process.env['PEER_SETTINGS'] ?? '') as Record<Setting, string>;
export const keySetUrl = `${settings.upstreamUrl}/keys`;

/** Connections to the upstream: more than concurrent requests. */
export const connections = 64;
