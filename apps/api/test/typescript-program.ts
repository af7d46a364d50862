import ts from 'typescript';

/** The options of a strict project that uses generated code. */
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
};

/** What `tsc --strict` says of a program, one line per fault. */
export function faultsOf(file: string, more: ts.CompilerOptions = {}): string[] {
  const program = ts.createProgram([file], { ...OPTIONS, ...more });
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file: source, start = 0 }) => {
    const line = source === undefined ? 0 : source.getLineAndCharacterOfPosition(start).line + 1;
    const name = source?.fileName.split('/').at(-1) ?? '';
    return `${name}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
