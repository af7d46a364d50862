// Whether the process in this container lives: exits with 0 or 1. Node's slim image has no curl.
const { HOST = '127.0.0.1', PORT = '3000', MANAGEMENT_PORT = PORT } = process.env;
const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
try {
  const { ok } = await fetch(`http://${host}:${MANAGEMENT_PORT}/livez`);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
