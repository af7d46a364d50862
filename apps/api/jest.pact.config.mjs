import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api pact',
  testMatch: ['<rootDir>/pact/**/*.pact-spec.ts'],
};
