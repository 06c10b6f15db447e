import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { PEER } from './subjects.ts';

/** Long enough for both of V8's optimizing compilers. */
const HOT = `
  const sum = (numbers) => numbers.reduce((total, each) => total + each * 3, 0);
  const numbers = new Float64Array(1000);
  let total = 0;
  for (let turn = 0; turn < 20_000; turn += 1) total += sum(numbers);
  console.log(total);`;

test("the subjects' Node compiles nothing in the background", async () => {
  const [node = '', ...flags] = PEER.command.slice(0, -1);
  const { stdout } = await promisify(execFile)(node, [...flags, '--trace-opt', '-e', HOT]);
  const compiled = [...stdout.matchAll(/^\[compiling method .*\(target (\w+)\), mode: ConcurrencyMode::(\w+)\]$/gm)];
  expect(new Set(compiled.map(([, compiler]) => compiler))).toEqual(new Set(['MAGLEV', 'TURBOFAN_JS']));
  expect(new Set(compiled.map(([, , mode]) => mode))).toEqual(new Set(['kSynchronous']));
});
