// Nothing else is imported here: an older Node must be able to read this file and say so.
const [major = '0'] = process.versions.node.split('.');

if (Number(major) < 24) {
  process.stderr.write(
    `Node 24 or later is needed and this is ${process.versions.node}; node_modules/.bin/node has one where npm ci brought it.\n`,
  );
  process.exitCode = 1;
} else {
  const { serve } = await import('./bootstrap.ts');
  await serve(process.env);
}

export {};
