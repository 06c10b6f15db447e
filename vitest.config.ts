import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defineConfig } from 'vitest/config';

const NEEDED = 24;
if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `The tests need Node ${NEEDED} or newer, and this is ${process.versions.node}. "npm test" brings its own.`,
  );
  process.exit(2);
}

/** Programs that are judged by the time they take, in local cells and in containers. */
const TIMED = [
  'scenarios/**/*.test.ts',
  'harness/suite/plain-kills.e2e.test.ts',
  'harness/suite/detection.e2e.test.ts',
];
const TIMED_IN_DOCKER = [
  'harness/run/docker/scenarios.docker.test.ts',
  'harness/run/docker/network/kills.docker.test.ts',
];

/** Groups run one after another, so that nothing that is timed shares the machine with anything else. */
export default defineConfig({
  test: {
    // What is polled for is an event: how soon it comes is the host's business.
    expect: { requireAssertions: true, poll: { timeout: 15_000 } },
    // A flaky test is a finding: none is ever tried again.
    retry: 0,
    // Halves the start of every Node process that a test starts.
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache') },
    projects: [
      {
        // In seconds, in parallel: what `npm run check` runs. To load the modules anew for each file would take longer than
        // the tests themselves, which wait half of their time.
        test: {
          name: 'unit',
          isolate: false,
          maxWorkers: 3,
          include: ['{services,harness,bench,docs,.ci}/**/*.test.ts'],
          exclude: ['**/*.{e2e,docker}.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // The command, the check, the report in a browser, the documents' commands: whole processes.
        test: {
          name: 'e2e',
          include: ['{services,harness,docs,.ci}/**/*.e2e.test.ts'],
          exclude: TIMED,
          // Most of these wait for processes; three files fill two cores.
          maxWorkers: 3,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'scenarios',
          include: TIMED,
          fileParallelism: false,
          // Most of a scenario is waiting; each of these has a cell of its own.
          maxConcurrency: 4,
          sequence: { concurrent: true, groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Needs a Docker engine. In CI a missing one is a failure, never a skip.
        test: {
          name: 'docker',
          include: ['harness/**/*.docker.test.ts'],
          exclude: TIMED_IN_DOCKER,
          globalSetup: 'harness/run/docker/engine-setup.ts',
          maxWorkers: 3,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'docker-scenarios',
          include: TIMED_IN_DOCKER,
          globalSetup: 'harness/run/docker/engine-setup.ts',
          // Each has two cells of its own.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
