import ts from 'typescript';

/** A manifest with what it is called in messages. */
export interface Manifest {
  readonly name: string;
  readonly value: unknown;
}

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/**
 * Compiles each manifest as a constant of the type that `kubernetes-models` makes from the schema.
 * Unlike the schemas, types refuse unknown members at every depth.
 *
 * @param typeOf the import that has the type, and the type
 */
export function typeFaults(
  manifests: readonly Manifest[],
  typeOf: (manifest: Manifest) => { readonly module: string; readonly type: string },
): string[] {
  const sources = new Map(
    manifests.map((manifest, index) => {
      const { module, type } = typeOf(manifest);
      const value = JSON.stringify(manifest.value, undefined, 1);
      const text = `import type { ${type} } from '${module}';\nexport const value: ${type} = ${value};`;
      return [`${import.meta.dirname}/manifest-${index}.ts`, { name: manifest.name, text }];
    }),
  );
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => sources.has(file) || disk.fileExists(file),
    readFile: (file) => sources.get(file)?.text ?? disk.readFile(file),
    getSourceFile: (file, version, ...rest) => {
      const text = sources.get(file)?.text;
      if (text === undefined) return disk.getSourceFile(file, version, ...rest);
      return ts.createSourceFile(file, text, version);
    },
  };
  const program = ts.createProgram([...sources.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const name = sources.get(file?.fileName ?? '')?.name ?? 'manifests';
    return `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
