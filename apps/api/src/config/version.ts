import manifest from '../../../../package.json' with { type: 'json' };

/** The version of the project, which the `package.json` at its root states. The build inlines it. */
export const VERSION = manifest.version;
