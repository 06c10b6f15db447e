/**
 * `halfopen report`: renders a stored run again, merges runs, compares two, or opens one in the browser.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { EvidenceError } from '../evidence/read-evidence.ts';
import { diffLines } from '../report/diff.ts';
import { MergeError } from '../report/merge.ts';
import { diffReports, mergeReports } from '../report/merge-reports.ts';
import { NotWrittenError } from '../report/not-written.ts';
import { writeReport } from '../report/write-report.ts';
import { messageOf, RunError } from '../run/run-error.ts';
import { suggestion } from '../suite/nearest.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';
import { jsonLine, printable } from './printable.ts';

const ACTIONS: readonly string[] = ['open', 'merge', 'diff'];
/** The one action that each flag is of; none: rendering a run. */
const ACTION_OF = { against: undefined, into: 'merge', json: 'diff' } as const;
/** There is nothing to open a page with. */
const EXIT_ENVIRONMENT = 3;
/** What has found no browser by then is given the benefit of the doubt. */
const OPENING_MS = 2_000;
const LATEST = join('reports', 'latest');

export async function report(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = readArguments('report', args, {
    against: { type: 'string' },
    into: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [first = '', ...rest] = positionals;
  demandFlags(
    Object.keys(values),
    ACTIONS.find((action) => action === first),
  );
  try {
    if (first === 'merge') return await merge(rest, values.into ?? join('reports', 'merged'), signal);
    if (first === 'diff') return await diff(rest, values.json === true);
    if (first === 'open') return await openReport(rest);
    return await render(positionals, values.against ?? null, signal);
  } catch (error) {
    // A word that is no folder may be a mistyped one of these.
    const near = positionals.length > 0 && !ACTIONS.includes(first) ? suggestion(first, ACTIONS) : '';
    if (error instanceof EvidenceError || error instanceof MergeError)
      throw new UsageError(`${error.message}${near === '' ? '' : `.${near}`}`, { cause: error });
    if (isMissing(error)) {
      throw new UsageError(`there is no run in ${positionals.join(', ')}: ${messageOf(error)}`, { cause: error });
    }
    if (error instanceof NotWrittenError)
      throw new RunError('evidence-not-written', error.message, error.remedy, error);
    throw error;
  }
}

/** A flag that would do nothing is a mistake of whoever gave it. */
function demandFlags(given: readonly string[], action: string | undefined): void {
  for (const [flag, own] of Object.entries(ACTION_OF)) {
    if (!given.includes(flag) || own === action) continue;
    const whose = own === undefined ? '"report --against OLD DIR" only' : `"report ${own}" only`;
    throw new UsageError(`report: --${flag} is for ${whose}`);
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** @param against an earlier run, for the page to show what changed since */
async function render(folders: readonly string[], against: string | null, signal: AbortSignal): Promise<number> {
  const [folder, ...more] = folders;
  if (folder === undefined || more.length > 0) {
    const near = folder === undefined ? '' : suggestion(folder, ACTIONS);
    throw new UsageError(`report takes one run folder, for example reports/latest${near === '' ? '' : `.${near}`}`);
  }
  const changes = against === null ? null : await diffReports(against, folder);
  const { index } = await writeReport(folder, signal, changes);
  console.log(`report: ${index}`);
  return 0;
}

async function merge(folders: readonly string[], into: string, signal: AbortSignal): Promise<number> {
  if (folders.length === 0) throw new UsageError('report merge takes the run folders to put together');
  const { index, sentence, exitStatus } = await mergeReports(folders, into, signal);
  console.log(printable(sentence));
  console.log(`report: ${index}`);
  return exitStatus ?? 3;
}

/** Exit status 0 where the newer run is as good as the older. */
async function diff(folders: readonly string[], json: boolean): Promise<number> {
  const [before, after, ...more] = folders;
  if (before === undefined || after === undefined || more.length > 0) {
    throw new UsageError('report diff takes two run folders, the older first');
  }
  const found = await diffReports(before, after);
  if (json) console.log(jsonLine(found));
  else for (const line of diffLines(found)) console.log(printable(line));
  return found.exitStatus;
}

async function openReport([folder = LATEST, ...more]: readonly string[]): Promise<number> {
  if (more.length > 0) throw new UsageError(`report open takes one run folder, or none for ${LATEST}`);
  const path = resolve(folder, RUN_FILES.index);
  await access(path).catch((error: unknown) => {
    throw new UsageError(`there is no report to open: ${path} cannot be read`, { cause: error });
  });
  const opener = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [path], {
    stdio: 'ignore',
    detached: true,
  });
  // `once` rejects where 'error' comes first, and where it goes on: some stay for as long as their browser does.
  const opened = await once(opener, 'exit', { signal: AbortSignal.timeout(OPENING_MS) }).then(
    ([status]: unknown[]) => status === 0,
    (error: Error) => error.name === 'AbortError',
  );
  opener.unref();
  if (opened) console.log(`report: ${path}`);
  else console.error(`halfopen: no browser could be started here; the report is ${path}`);
  return opened ? 0 : EXIT_ENVIRONMENT;
}
