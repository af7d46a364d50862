import preset from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'tools e2e',
  testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
  // Each starts processes that load the whole of Nx, ESLint or the stack.
  testTimeout: 120_000,
};
