/**
 * The entry of the wire proxy as a program of its own: `node harness/proxy/main.ts --host 127.0.0.1 --port 0`.
 */
import { enableCompileCache } from 'node:module';

// Types are stripped once per version of a file, not at each start.
enableCompileCache();
const { runProxy } = await import('./command.ts');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
process.exitCode = await runProxy(process.argv.slice(2), stop.signal);
