/**
 * The layers are lint rules, and a silent rule looks exactly like a kept one: forbidden imports are planted in each layer, in
 * its folder and in folders below it, beside those that it may make.
 *
 * What a folder of the harness may import is what the table of the design says.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RULE = 'eslint(no-restricted-imports)';
const MOST_REPORT_BYTES = 16 * 2 ** 20;

/** A file, imports that it must not make, and such as it may make. */
type Planted = readonly [file: string, forbidden: readonly string[], allowed: readonly string[]];

const BESIDE_THE_HARNESS = ['services/node/main.ts', 'scenarios/connect/a.ts', 'bench/row.ts'];
const OUT_OF_SERVICES = ['../../harness/scenario/fault.ts', '../../scenarios/connect/a.ts', '../../bench/row.ts'];
const PACKAGES = ['rolldown', 'valibot', '@scope/package/part', 'fs'];
const FOR_TESTS = ['vitest', 'fast-check'];

/** The rows of the design's table that are folders of the harness: the layer, and the words on what it may import. */
const DESIGN = [
  ...readFileSync(join(ROOT, 'docs/design.md'), 'utf8').matchAll(/^\| `harness\/(\w+)\/` \|[^|]*\| ([^|]*) \|$/gm),
].map(([, layer = '', allowed = '']) => [layer, allowed] as const);

/** A file so many folders below its layer's, which imports a file of each other layer and of each folder beside the harness. */
function ofHarness(layer: string, words: string, depth: number): Planted {
  const up = '../'.repeat(depth + 1);
  const others = DESIGN.map(([other]) => other).filter((other) => other !== layer);
  const may = words.startsWith('all') ? others : others.filter((other) => words.split(', ').includes(other));
  const path = (other: string): string => `${up}${other}/a.ts`;
  const mayNot = others.filter((other) => !may.includes(other));
  return [
    `harness/${layer}/${'below/'.repeat(depth)}a.ts`,
    [...mayNot.map(path), ...BESIDE_THE_HARNESS.map((other) => `${up}../${other}`)],
    [...may.map(path), './b.ts', ...(depth === 0 ? [] : ['../b.ts'])],
  ];
}

const PLANTED: readonly Planted[] = [
  ...[0, 1, 2].flatMap((depth) => DESIGN.map(([layer, words]) => ofHarness(layer, words, depth))),
  ['harness/scenario/b.ts', ['node:net', 'zx'], ['valibot']],
  ['harness/proxy/relay/b.ts', PACKAGES, ['node:net', 'node:fs/promises']],
  ['harness/judge/plain/b.ts', ['node:fs/promises', 'node:tls', 'node:path', 'fs', 'zx'], ['valibot']],
  ['harness/report/page/b.ts', ['node:https', 'node:dns/promises', 'node:child_process'], ['node:fs/promises']],
  [
    'scenarios/connect/a.ts',
    ['node:net', ...PACKAGES, '../../harness/run/cell.ts'],
    ['../../harness/scenario/fault.ts'],
  ],
  ['scenarios/connect/below/a.ts', ['../../../harness/contract/words.ts'], ['../../../harness/scenario/fault.ts']],
  ['services/node/a.ts', [...OUT_OF_SERVICES, ...PACKAGES, '../broken/a.ts', '../peer/main.ts'], ['../socket/link.ts']],
  ['services/broken/a.ts', [...OUT_OF_SERVICES, ...PACKAGES, ...FOR_TESTS, '../peer/main.ts'], ['../node/main.ts']],
  [
    'services/peer/a.ts',
    [...OUT_OF_SERVICES, ...PACKAGES, '../socket/link.ts', '../node/main.ts'],
    ['node:net', './b.ts'],
  ],
  ['services/socket/a.ts', [...OUT_OF_SERVICES, ...PACKAGES, ...FOR_TESTS, '../peer/main.ts'], ['node:net']],
  ['services/socket/serve/a.ts', ['../../node/main.ts', '../../../harness/run/cell.ts'], ['node:net', '../link.ts']],
  ['services/socket/frame/a.ts', ['node:net', '../link.ts', ...PACKAGES], ['./decoder.ts']],
  ['services/node/a.test.ts', [...OUT_OF_SERVICES, ...PACKAGES], [...FOR_TESTS, 'node:net']],
  ['services/socket/serve/a.test.ts', ['../../node/main.ts', ...PACKAGES], [...FOR_TESTS, '../link.ts']],
];

/** Plants the files, and returns the imports that the lint refuses, by file. */
async function refusals(): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-layers-'));
  try {
    await copyFile(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
    for (const [file, forbidden, allowed] of PLANTED) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      const lines = [...forbidden, ...allowed].map((specifier, i) => `import * as planted${i} from '${specifier}';\n`);
      await writeFile(join(folder, file), lines.join(''));
    }
    const output = await new Promise<string>((resolve) => {
      const lint = join(ROOT, 'node_modules/.bin/oxlint');
      const options = { cwd: folder, maxBuffer: MOST_REPORT_BYTES };
      execFile(process.execPath, [lint, '--format', 'json'], options, (_error, stdout) => resolve(stdout));
    });
    return byFile(output);
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Diagnostic = { code: string; filename: string; labels: { span: { line: number } }[] };

/** The refused imports in the lint's report: each import of a planted file stands on a line of its own. */
function byFile(report: string): Map<string, string[]> {
  const refused = (JSON.parse(report) as { diagnostics: Diagnostic[] }).diagnostics.filter(({ code }) => code === RULE);
  return new Map(
    PLANTED.map(([file, forbidden, allowed]) => {
      const lines = new Set(refused.filter(({ filename }) => filename === file).map((it) => it.labels[0]?.span.line));
      return [file, [...forbidden, ...allowed].filter((_, i) => lines.has(i + 1))];
    }),
  );
}

let refused: Map<string, string[]>;

beforeAll(async () => {
  refused = await refusals();
});

test('the design has a row for each folder of the harness', () => {
  const folders = readdirSync(join(ROOT, 'harness'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(DESIGN.map(([layer]) => layer).toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

test.each(PLANTED)('%s may import what its layer may, and nothing else', (file, forbidden) => {
  expect(refused.get(file)).toEqual(forbidden);
});
