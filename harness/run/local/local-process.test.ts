import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { describe, expect, test } from 'vitest';

import { startLocalProcess } from './local-process.ts';
import { processState } from './process-state.ts';

const run = (script: string) => startLocalProcess('client', { name: 'script', command: ['sh', '-c', script] }, {});

describe.skipIf(process.platform !== 'linux')('what a process leaves behind', () => {
  test('is found and ended also where it has an environment of its own', async () => {
    // It says its number with that environment already, and then the script ends with its input.
    const started = await run(`env -i sh -c 'echo $$; exec sleep 1000 >/dev/null 2>&1' & read line`);
    const [line] = (await once(createInterface({ input: started.stdout }), 'line')) as [string];
    started.endInput();
    await started.exited;
    expect(await started.endLeftBehind?.()).toEqual([Number(line)]);
    // Whoever adopts it may not have taken note of its end yet.
    await expect.poll(() => processState(Number(line))).toBeOneOf([null, 'Z']);
    expect(await started.endLeftBehind?.()).toEqual([]);
  });

  test('is nothing where it leaves nobody', async () => {
    const started = await run('sleep 0 & wait');
    await started.exited;
    expect(await started.endLeftBehind?.()).toEqual([]);
  });
});
