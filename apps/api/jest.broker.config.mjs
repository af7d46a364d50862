import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api broker',
  testMatch: ['<rootDir>/pact/**/*.broker-spec.ts'],
};
