import { $ } from 'zx';
import { expect, test } from 'vitest';
import { runStep, totalLine, type Step } from './step.ts';

const step = (over: Partial<Step>): Step => ({
  name: 'engine',
  present: async () => false,
  make: async () => {},
  remedy: 'run as root',
  ...over,
});

test('a step that is done already is skipped', async () => {
  const lines: string[] = [];
  const done = step({ present: async () => true, make: async () => Promise.reject(new Error('must not run')) });
  await runStep(done, (line) => lines.push(line));
  expect(lines).toEqual(['· engine: there already']);
});

test('a step that works is told with its time', async () => {
  const lines: string[] = [];
  let made = false;
  const make = async () => {
    made = true;
  };
  await runStep(step({ present: async () => made, make }), (line) => lines.push(line));
  expect(lines).toEqual([expect.stringMatching(/^✓ engine \(\d+\.\d s\)$/)]);
});

test('a step that fails says what failed, what came back and what to do', async () => {
  const failing = step({ make: async () => void (await $({ quiet: true })`echo no such mirror >&2; exit 7`) });
  await expect(runStep(failing)).rejects.toThrow(
    'engine failed: exit status 7\n  no such mirror\nWhat to do: run as root',
  );
});

test('a step without effect is a failure', async () => {
  await expect(runStep(step({}))).rejects.toThrow('engine ran without an error and is still missing');
});

test('the time of all steps is told, and that it was too long', () => {
  expect(totalLine(12_340)).toBe('prepared in 12.3 s');
  expect(totalLine(300_000)).toBe('prepared in 300.0 s');
  expect(totalLine(300_500)).toBe('prepared in 300.5 s: more than the 300 s that a fresh machine may take');
});
