/**
 * Says in one last line what the tests did, counted from vitest's JSON results, and ends with a failure
 * when any test failed, when a file could not be run at all, when the runner itself failed, or when nothing ran.
 */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';

const Results = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      assertionResults: v.array(v.object({ fullName: v.string(), status: v.string() })),
    }),
  ),
});

export type Count = { readonly passed: number; readonly failed: number; readonly notRun: number };

/** Counts tests; a file that failed without a failed test in it (it could not be loaded, say) is one failure. */
export function countResults(json: unknown): Count {
  const files = v.parse(Results, json).testResults;
  const statuses = files.flatMap(({ status, assertionResults }) => {
    const tests = assertionResults.map((test) => test.status);
    return status === 'failed' && !tests.includes('failed') ? [...tests, 'failed'] : tests;
  });
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return { passed, failed, notRun: statuses.length - passed - failed };
}

/** The exit status of the gate: 0 only when tests ran, none failed, and the runner itself ended well. */
export const gateStatus = (count: Count, runnerStatus: number): number =>
  count.failed === 0 && count.passed > 0 && runnerStatus === 0 ? 0 : 1;

async function main(file: string | undefined, runnerStatus: number): Promise<void> {
  let count: Count = { passed: 0, failed: 0, notRun: 0 };
  try {
    count = countResults(JSON.parse(await readFile(file ?? '', 'utf8')));
  } catch (cause) {
    console.error(
      `no results could be read from ${file}: ${String(cause)}; the test runner ended with status ${runnerStatus}`,
    );
  }
  if (count.notRun > 0) console.log(`${count.notRun} not run`);
  if (runnerStatus !== 0 && count.failed === 0)
    console.error(`the test runner itself ended with status ${runnerStatus}`);
  console.log(`${count.passed} passed, ${count.failed} failed`);
  process.exitCode = gateStatus(count, runnerStatus);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv[2], Number(process.argv[3]));
