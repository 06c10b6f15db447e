/**
 * Loads the page's style, joined of its sheets, and bundles its script.
 *
 * The script is TypeScript in `browser/`; it shares its pure modules with the rest of the report.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { rolldown } from 'rolldown';

import type { Assets } from './page/index-page.ts';

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** In the order in which later ones have the last word. */
const SHEETS = [
  'colours',
  'base',
  'controls',
  'verdicts',
  'overview',
  'tables',
  'matrix',
  'case',
  'claims',
  'timeline',
  'bytes',
  'screens',
  'paper',
];

let loading: Promise<Assets> | null = null;

/** Reads and bundles once per process: about 100 ms the first time. */
export async function loadAssets(): Promise<Assets> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Assets> {
  const [sheets, script] = await Promise.all([
    Promise.all(SHEETS.map((name) => readFile(local(`page/style/${name}.css`), 'utf8'))),
    bundle(local('browser/main.ts')),
  ]);
  return { css: sheets.join('\n'), script };
}

async function bundle(entry: string): Promise<string> {
  const build = await rolldown({ input: entry, platform: 'browser' });
  try {
    const { output } = await build.generate({ format: 'iife', minify: true });
    // Inside a script element only this sequence means anything.
    return output[0].code.replaceAll('</script', String.raw`<\/script`);
  } finally {
    await build.close();
  }
}
