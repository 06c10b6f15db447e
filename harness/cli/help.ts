/**
 * What `--help` shows: a page for each verb, and one over all.
 */
import { CHECK, CLEAN, DOCTOR, EXPLAIN, JUDGE, LIST, PROXY, REPORT } from './help/other-pages.ts';
import { helpText } from './help/page.ts';
import type { HelpPage } from './help/page.ts';
import { MUTANTS, RUN } from './help/run-pages.ts';

/** In the order of use. */
export const PAGES: readonly HelpPage[] = [RUN, LIST, EXPLAIN, CHECK, PROXY, MUTANTS, JUDGE, REPORT, DOCTOR, CLEAN];

export const HELP: Readonly<Record<string, string>> = Object.fromEntries(
  PAGES.map((page) => [page.verb, helpText(page)]),
);

export const OVERVIEW = `halfopen: find out what your socket code does when the network stops being kind

  halfopen run [FILTER…]   run scenarios and write a report
  halfopen list            the scenarios with their claims
  halfopen explain ID      the plan of one scenario, nothing run
  halfopen check CMD…      does this program keep the subject contract
  halfopen proxy           the fault proxy alone
  halfopen mutants         does each scenario catch the bugs it says it does
  halfopen judge DIR       judge a stored run again
  halfopen report DIR      render its report again; open, diff, merge
  halfopen doctor          what this machine can run
  halfopen clean           remove what a killed run left

"halfopen VERB --help" says more; "halfopen --version" which it is.`;
