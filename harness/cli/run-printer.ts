/**
 * Shows a run on the console: what will run, each verdict as it comes, failures in full, the counts and the report.
 *
 * On a terminal a block below shows what goes on; in CI only what did not pass is told.
 */
import { join } from 'node:path';

import type { Evidence, PlainEvidence } from '../evidence/evidence.ts';
import { readAnyEvidence } from '../evidence/read-evidence.ts';
import type { Run, Result } from '../evidence/run.ts';
import { VERDICTS } from '../evidence/verdict.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import type { HeldAttempt } from '../run/onlooker.ts';
import type { SuiteEvent } from '../suite/run-suite.ts';
import { annotations } from '../report/annotations.ts';
import { casesOf } from '../report/cases.ts';
import type { Case } from '../report/cases.ts';
import { headline as runHeadline, tallyOf } from '../report/headline.ts';
import { casesCounted, rateWords } from '../report/measure/rate.ts';
import type { Reproducer } from '../report/reproduce.ts';
import { crashLogs } from './crash-log.ts';
import type { CrashLog } from './crash-log.ts';
import { failureScreen } from './failure-screen.ts';
import { heldLines } from './held-case.ts';
import { LiveBlock } from './live-block.ts';
import type { ShownJob } from './live-block.ts';
import { isOnGitHub, printable } from './printable.ts';
import type { Rendered } from './rendered-report.ts';
import { sharedReasons, ToldOnce } from './shared-reason.ts';
import { Style } from './style.ts';

export interface RunPrinter {
  show(event: SuiteEvent): void;
  /** Tells how to get into a case that is kept running. */
  held(job: ShownJob, held: HeldAttempt): void;
  /**
   * Tells how it ended, once all before it has been told.
   *
   * @param report what came of the report
   */
  end(run: Run, report: Rendered): Promise<void>;
}

/** What a result is told from, beside its verdict. */
interface Proof {
  readonly evidence: Evidence | PlainEvidence | null;
  readonly logs: readonly CrashLog[];
}

const NO_PROOF: Proof = { evidence: null, logs: [] };

/** Verdicts that are told wherever the command runs. */
const ALWAYS_TOLD: ReadonlySet<VerdictWord> = new Set(['fail', 'unknown', 'setup-error', 'interrupted']);
const SLOWEST = 3;

/** What is known before anything is run. */
interface About {
  readonly jobs: readonly ShownJob[];
  readonly seed: string;
  readonly cells: number;
  readonly again: Reproducer;
}

export function consolePrinter(about: About): RunPrinter {
  const style = new Style(process.stdout);
  const live = isLive(process.stdout) ? new LiveBlock(process.stdout, style, about) : null;
  const toldOnce = new ToldOnce();
  const quiet = live === null && (process.env['CI'] ?? '') !== '';
  const result = (event: Extract<SuiteEvent, { type: 'result' }>, proof: Proof): void => {
    const { verdict } = event.result;
    if (verdict === 'not-run') return;
    if (!quiet || ALWAYS_TOLD.has(verdict) || event.result.attempts.length > 1)
      console.log(resultLine(event.result, style));
    if (ALWAYS_TOLD.has(verdict) && !toldOnce.isAgain(event.result))
      console.log(failureScreen({ ...event, ...proof, again: about.again }, style, columnsOf(process.stdout)));
  };
  let folder = '';
  const tell = async (event: SuiteEvent): Promise<void> => {
    const proof = event.type === 'result' ? await proofOf(event.result, folder) : NO_PROOF;
    if (event.type === 'job-started') live?.started(event.job, event.cell);
    if (event.type === 'attempt-started') live?.attempt(event.job, event.look);
    if (event.type === 'started' || event.type === 'result') live?.clear();
    if (event.type === 'started') {
      folder = event.folder;
      console.log(headline(about, style));
    }
    if (event.type === 'result') {
      live?.ended(event.job, event.result.durationMs);
      result(event, proof);
    }
    if (event.type === 'finished') live?.clear();
    else live?.draw();
  };
  let told = Promise.resolve();
  const afterThat = (act: () => void | Promise<void>): Promise<void> => (told = told.then(act));
  return {
    show: (event) => void afterThat(() => tell(event)),
    held: (job, held) =>
      void afterThat(() => {
        live?.clear();
        console.log(heldLines(job, held, style));
      }),
    end: (run, report) =>
      afterThat(() => {
        live?.clear();
        if (isOnGitHub()) for (const line of annotations(run)) console.log(line);
        console.log(closing(run, report, style));
      }),
  };
}

/** On GitHub no line is broken: the rest of it could begin as one of its runner's commands does. */
function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY && !isOnGitHub() ? stream.columns : Number.POSITIVE_INFINITY;
}

/** A terminal that can move its cursor. */
function isLive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env['TERM'] !== 'dumb';
}

/** The evidence of a result that is told in full; what can't be read is not shown. */
async function proofOf({ verdict, evidence: place }: Result, folder: string): Promise<Proof> {
  if (place === null || !ALWAYS_TOLD.has(verdict)) return NO_PROOF;
  const path = join(folder, place);
  const evidence = await readAnyEvidence(path).catch(() => null);
  return evidence === null ? NO_PROOF : { evidence, logs: await crashLogs(evidence, path) };
}

/** One case in a few words. */
function nameOf({ scenario, server, client }: Pick<Result, 'scenario' | 'server' | 'client'>): string {
  return `${scenario} ${client}→${server}`;
}

function headline({ jobs, seed, cells }: About, style: Style): string {
  const scenarios = new Set(jobs.map(({ plan }) => plan.scenario)).size;
  const pairs = new Set(jobs.map(({ plan }) => `${plan.client}→${plan.server}`));
  const places = new Set(jobs.map(({ plan }) => `${plan.cell}, ${plan.proxy} proxy`));
  const cases = new Set(jobs.map(({ plan }) => `${nameOf(plan)} ${plan.cell} ${plan.proxy}`)).size;
  const times = jobs.length === cases ? '' : `, ${Math.round(jobs.length / cases)} times each`;
  const runnable = jobs.filter(({ excused }) => excused === null).length;
  const lines = [
    `${style.paint('bold', 'halfopen')}  ${plural(cases, 'case')} of ${plural(scenarios, 'scenario')} and ${plural(pairs.size, 'pair')}${times}, in ${plural(Math.min(cells, jobs.length), 'cell')} (${[...places].join('; ')}), seed ${seed}`,
  ];
  if (runnable < jobs.length) {
    const reasons = new Map<string, number>();
    for (const { excused } of jobs) {
      if (excused !== null)
        reasons.set(
          `${excused.verdict}: ${excused.reason}`,
          (reasons.get(`${excused.verdict}: ${excused.reason}`) ?? 0) + 1,
        );
    }
    for (const [reason, count] of reasons) lines.push(style.paint('dim', `  ${count} ${reason}`));
  }
  return lines.join('\n');
}

function resultLine(result: Result, style: Style): string {
  const pair = style.paint(
    'dim',
    `${result.client}→${result.server}${result.variant === 'control' ? ', control' : ''}`,
  );
  const time = style.paint('dim', `${Math.round(result.durationMs)} ms`);
  const tries = result.attempts.length > 1 ? style.paint('yellow', ` (attempt ${result.attempts.length})`) : '';
  const reason = result.verdict === 'unsupported' ? style.paint('dim', `  ${printable(result.reason)}`) : '';
  return `${style.verdict(result.verdict)}  ${result.scenario}  ${pair}  ${time}${tries}${reason}`;
}

function closing(run: Run, report: Rendered, style: Style): string {
  const cases = casesOf(run);
  const tally = tallyOf(cases);
  const counted = VERDICTS.flatMap((word) =>
    tally.has(word) ? [`${tally.get(word) ?? 0} ${style.verdict(word)}`] : [],
  );
  const repeated = run.results.some(({ repetition }) => repetition > 1) ? `  of ${casesCounted(cases, run)}` : '';
  const slowest = slowestOf(cases);
  const { tone, sentence } = runHeadline(run);
  const later = run.results.filter(({ attempts }) => attempts.length > 1).length;
  const tries = later === 0 ? '' : style.paint('yellow', ` (${later} on a later attempt)`);
  return [
    '',
    ...rates(cases, style),
    ...(slowest.length > 0 ? [style.paint('dim', `slowest: ${slowest.join(' · ')}`)] : []),
    ...sharedReasons(cases),
    style.tone(tone, printable(sentence)),
    `${counted.join('  ') || 'nothing ran'}${tries}${repeated}  in ${(run.durationMs / 1000).toFixed(1)} s`,
    report.index === null ? style.paint('red', printable(report.line)) : report.line,
  ].join('\n');
}

/** The slowest cases, each by its slowest result. */
function slowestOf(cases: readonly Case[]): string[] {
  return cases
    .map((each) => {
      const ran = each.results.filter(({ attempts }) => attempts.length > 0);
      return { name: nameOf(each), ms: Math.max(0, ...ran.map(({ durationMs }) => durationMs)) };
    })
    .filter(({ ms }) => ms > 0)
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ name, ms }) => `${name} ${Math.round(ms)} ms`);
}

/** Of a run that repeats: how often each case passed, with the interval that this many tries allow. */
function rates(cases: readonly Case[], style: Style): string[] {
  return cases.flatMap((each) => {
    const words = rateWords(each);
    return words === null ? [] : [`${nameOf(each)}: ${words.share}  ${style.paint('dim', words.interval)}`];
  });
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
