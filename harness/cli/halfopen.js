#!/usr/bin/env node
/**
 * The command's door, in plain JavaScript: checks the version of Node before anything that needs it is loaded.
 */
const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < NEEDED) {
  console.error(
    `halfopen needs Node ${NEEDED} or newer, and this is ${process.versions.node}. ` +
      'In the checkout "npx halfopen" and "npm start" bring their own.',
  );
  process.exitCode = 2;
} else {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
