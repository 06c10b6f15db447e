/**
 * Lets go: no process of the client, no connection and no descriptor of the server is left.
 *
 * Owns the comparison of the harness's own readings; of a server of somebody else's, or where the kernel does not tell,
 * nothing is checked.
 */
import type { RecordOf } from '../../evidence/record.ts';
import { broken, notChecked, passed } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { connectionStates, OWN_FDS } from '../holdings.ts';
import { counted, inMs } from '../wording.ts';
import type { PlainInvariant } from './questions.ts';
import { ROUND_WORDS } from './rounds.ts';
import type { PlainAttempt } from './rounds.ts';

export const letsGo: PlainInvariant = {
  name: 'lets-go',
  statement: 'No process of the client, no connection and no descriptor of the server is left.',
  examine: (attempt) => [...orphans(attempt), server(attempt)],
};

function orphans({ runs }: PlainAttempt): Finding[] {
  const expected = 'the client leaves no process behind';
  const left = runs.flatMap(({ round, leftBehind }) => (leftBehind === null ? [] : [{ round, leftBehind }]));
  if (left.length === 0) return [passed({ expected, actual: `none after ${counted(runs.length, 'run')}` })];
  return left.map(({ round, leftBehind: { pids, atMs } }) =>
    broken({
      expected,
      actual: `${ROUND_WORDS[round]} ${counted(pids.length, 'process')} outlived it: ${pids.join(', ')}`,
      atMs,
    }),
  );
}

function server({ server: { readings } }: PlainAttempt): Finding {
  const { begun, settled } = readings;
  const expected = 'the server holds no more than before its first client';
  if (begun === null || settled === null) return notChecked(expected, 'the kernel was not asked, or did not tell');
  const [before, after] = [connections(begun), connections(settled)];
  const atMs = settled.atMs;
  if (after > before) {
    return broken({
      expected,
      actual: `it held ${states(settled)} at ${inMs(atMs)}, all its clients being gone`,
      atMs,
    });
  }
  const more = settled.fds - begun.fds;
  if (more > OWN_FDS)
    return broken({ expected, actual: `it held ${counted(more, 'descriptor')} more at ${inMs(atMs)}`, atMs });
  return passed({ expected, actual: `it held ${states(settled)} and ${counted(settled.fds, 'descriptor')}`, atMs });
}

type Reading = RecordOf<'reading'>;

function connections({ sockets }: Reading): number {
  return Object.entries(sockets).reduce((sum, [state, count]) => (state === 'LISTEN' ? sum : sum + count), 0);
}

function states(reading: Reading): string {
  return connectionStates(reading) || 'no connection';
}
