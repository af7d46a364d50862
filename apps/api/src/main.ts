// Has no static imports, so that an older Node can run it and report its version.
const [major = '0'] = process.versions.node.split('.');

if (Number(major) < 24) {
  process.stderr.write(
    `Node 24 or later is required, and this is ${process.versions.node}. After npm ci, use node_modules/.bin/node.\n`,
  );
  process.exitCode = 1;
} else {
  const { run } = await import('./bootstrap.ts');
  await run(process.argv.slice(2), process.env);
}

export {};
