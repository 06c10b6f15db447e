/**
 * `environment.json`: what ran, and where, as far as it can matter to its verdicts.
 */
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { writeJson } from '../evidence/write-json.ts';
import { readProduct } from './product.ts';

export async function writeEnvironment(folder: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
  const product = await readProduct().catch(() => null);
  await writeJson(join(folder, RUN_FILES.environment), {
    ...(product !== null && { halfopen: product.version }),
    ...(product !== null && product.commit !== null && { commit: product.commit }),
    node: process.version,
    platform: process.platform,
    architecture: process.arch,
    kernel: release(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    ...facts,
  });
}
