import { expect, test } from 'vitest';

import { casesOf } from '../cases.ts';
import { renderCase } from '../render.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import type { SampleAttempt } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';

async function pageOf({ result, evidence, verdict }: SampleAttempt): Promise<string> {
  const [each] = casesOf(sampleRun([result]));
  if (each === undefined) throw new Error('no case');
  const logs = { server: null, client: null };
  const page = await renderCase(each, '7', async (folder) => ({ folder, evidence, verdict, logs, problems: [] }));
  return page.replaceAll(/\s+/g, ' ');
}

test('a case names the passage that its claim stands on, and what that requires', async () => {
  const made = sampleAttempt({ scenario: 'a/b', claim: 'c' });
  const { source } = made.evidence.plan;
  expect(source.passage).toBe('HOWTO, Disconnecting');
  expect(await pageOf(made)).toContain(`<cite>${source.passage}</cite> ${source.requires}</p>`);
});
