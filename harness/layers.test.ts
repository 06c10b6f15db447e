/**
 * The layers are lint rules, and a silent rule looks exactly like a kept one: each is planted with a forbidden import.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RULE = 'eslint(no-restricted-imports)';

/** A file, an import it must not make, and one it may make. */
const LAYERS: readonly [file: string, forbidden: string, allowed: string][] = [
  ['services/socket/a.ts', '../../harness/contract/words.ts', 'node:net'],
  ['services/socket/frame/a.ts', 'node:net', './receive-buffer.ts'],
  ['services/node/a.ts', '../../harness/contract/words.ts', '../socket/socket.ts'],
  ['services/broken/a.ts', 'valibot', '../node/main.ts'],
  ['scenarios/framing/a.ts', '../../harness/run/cell.ts', '../../harness/scenario/fault.ts'],
  ['scenarios/timeout/a.ts', 'node:net', '../../harness/scenario/expectation.ts'],
  ['harness/contract/a.ts', '../evidence/plan.ts', 'node:crypto'],
  ['harness/scenario/a.ts', '../plan/make-plan.ts', '../contract/words.ts'],
  ['harness/evidence/a.ts', '../judge/judge.ts', '../scenario/fault.ts'],
  ['harness/plan/a.ts', '../run/cell.ts', '../evidence/plan.ts'],
  ['harness/proxy/a.ts', '../contract/words.ts', 'node:net'],
  ['harness/run/a.ts', '../judge/judge.ts', '../plan/make-plan.ts'],
  ['harness/run/local/a.ts', '../../proxy/command.ts', '../cell.ts'],
  ['harness/judge/a.ts', 'node:fs', '../evidence/evidence.ts'],
  ['harness/judge/b.ts', '../run/clock.ts', '../scenario/fault.ts'],
  ['harness/report/a.ts', '../judge/judge.ts', '../evidence/run.ts'],
  ['harness/suite/a.ts', '../report/write-report.ts', '../judge/judge.ts'],
  ['harness/cli/a.ts', '../../services/node/main.ts', '../suite/job.ts'],
];

/** Plants one file a layer, each with one import, and returns the rules that complain, by file. */
async function complaints(
  planted: readonly (readonly [file: string, specifier: string])[],
): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-layers-'));
  try {
    await copyFile(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
    for (const [file, specifier] of planted) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), `import * as planted from '${specifier}';\n\nexport const a = planted;\n`);
    }
    const output = await new Promise<string>((resolve) => {
      const lint = join(ROOT, 'node_modules/.bin/oxlint');
      execFile(process.execPath, [lint, '--format', 'json'], { cwd: folder }, (_error, stdout) => resolve(stdout));
    });
    const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
    const files = planted.map(([file]) => file);
    return new Map(
      files.map((file) => [file, diagnostics.filter(({ filename }) => filename === file).map(({ code }) => code)]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

let ofForbidden: Map<string, string[]>;
let ofAllowed: Map<string, string[]>;

beforeAll(async () => {
  ofForbidden = await complaints(LAYERS.map(([file, forbidden]) => [file, forbidden]));
  ofAllowed = await complaints(LAYERS.map(([file, , allowed]) => [file, allowed]));
});

test.each(LAYERS)('%s must not import %s', (file) => {
  expect(ofForbidden.get(file)).toContain(RULE);
});

test.each(LAYERS)('%s may import what its layer allows', (file) => {
  expect(ofAllowed.get(file)).not.toContain(RULE);
});
