/**
 * Help on what runs scenarios.
 */
import type { HelpOption, HelpPage } from './page.ts';

const SEED: HelpOption = {
  flag: '--seed TEXT',
  text: 'Draws every offset, payload and jitter: the same seed plans the same bytes. Up to 64 letters, digits, dots and dashes.',
};
const JSON_LINES: HelpOption = {
  flag: '--json',
  text: 'One JSON object a line on standard output, and nothing else there.',
};
const REPORTS: HelpOption = {
  flag: '--report DIR',
  text: 'Where run folders are made. DIR/latest leads to the newest.',
  fallback: 'reports',
};
const CELLS: HelpOption = {
  flag: '--cells N',
  text: 'How many run at a time, 1 to 64. Most of a scenario is waiting, so that cells may outnumber cores; timed claims want fewer on a busy machine.',
  fallback: '4',
};

export const RUN: HelpPage = {
  verb: 'run',
  purpose: 'run scenarios and write a report',
  synopsis: ['run [OPTION…] [FILTER…]'],
  description: [
    'Runs every scenario whose id holds one of the FILTERs, or all of them, with every chosen pair of a client and a server; judges what both did; and writes a run folder with index.html, junit.xml, summary.md and all evidence. A FILTER may also name a fault, as fault:fin, or a need, as needs:docker.',
    'Without --server and --client the basic scenarios run with every pair of node and python, and the others with node and node. Where one of the two is given, node plays the other role. What cannot run here is listed first, with the reason.',
    'halfopen.config.ts in the current folder names subjects of one’s own, and says what is run, and how, where the command line does not: docs/plug-in-your-own.md.',
    'On a terminal a block at the foot shows each cell at work. Elsewhere there is one line a verdict; where CI is set, only what did not pass. A failure is told in full, with the line that runs just it again.',
    'Ctrl-C once heals what is broken, cleans up, writes the report and exits 130; twice ends at once, and the next start sweeps what was left.',
  ],
  options: [
    {
      flag: '--server NAME…',
      text: 'Subjects in the server role, with commas between them; may be given again. There are node, python and go, those of halfopen.config.ts, and one for each seeded bug, which "ls services/broken" lists.',
    },
    { flag: '--client NAME…', text: 'Subjects in the client role, likewise.' },
    {
      flag: '--cell KIND',
      text: 'Where they run: local, docker, or compose, which is the one cell around "docker compose run harness".',
      fallback: 'local',
    },
    {
      flag: '--proxy KIND',
      text: 'What stands between them: wire, toxiproxy, or auto, which is real Toxiproxy in Docker where it can deliver the faults, and else wire.',
      fallback: 'auto',
    },
    {
      flag: '--kernel WORD',
      text: "The clocks of the subjects' kernel in scenarios that name none: stock, its own, or fast, with which it gives up what nobody answers within seconds; that takes --cell docker and subjects that keep the contract.",
      fallback: 'stock',
    },
    { ...SEED, fallback: 'a new one, printed' },
    {
      flag: '--repeat N',
      text: 'Runs each N times, 1 to 100000, and tells the pass rate with its 95 % interval.',
      fallback: '1',
    },
    CELLS,
    { flag: '--basic', text: 'Only the basic scenarios: the first things to ask of any program.' },
    {
      flag: '--shard I/N',
      text: 'Only the I-th of N parts of the jobs; "halfopen report merge" puts the parts together. It takes a --seed, the same for all parts. A part without work ends with 0.',
    },
    {
      flag: '--last-failed',
      text: 'Only what did not pass in the newest run or was not reached in it, with its subjects, in its place and with its proxy and seed unless others are given. Where nothing failed, nothing is run, and the status is 0.',
    },
    { flag: '--control', text: 'With every fault left out: all must be clean.' },
    {
      flag: '--until-fail',
      text: 'Ends at the first result that is a fail, an unknown or a setup-error. Each case runs once, or as often as --repeat says.',
    },
    {
      flag: '--plain-server CMD',
      text: 'Any server, which keeps no contract: its command as one text, with {host} and {port} where they go, or the address host:port of one that runs. May be given again. Plain subjects meet only each other, through the wire proxy; --basic, --keep-on-failure, --kernel fast and --cell compose are not for them.',
    },
    {
      flag: '--plain-client CMD',
      text: 'Any client, likewise. It is judged by its end, its exit status and its own output without faults.',
    },
    { flag: '--within MS', text: 'How long a --plain-client may take, in ms, 1 to 600000.', fallback: '10000' },
    {
      flag: '--keep-on-failure',
      text: 'Ends at the first failure, enacts it once more, stops it after its exchange and tells how to get in: processes, addresses, the proxy, or containers. Enter or Ctrl-C ends it. One cell.',
    },
    REPORTS,
    JSON_LINES,
  ],
  exits: [
    [0, 'all that ran passed; what is unsupported, or was not run for want of python3 or the like, is counted'],
    [1, 'a claim is broken'],
    [2, 'wrong use or configuration'],
    [3, 'the harness or its environment failed'],
    [4, 'nothing passed'],
    [5, 'a run proves nothing'],
    ['130, 143', 'interrupted, after cleaning up and writing the report'],
  ],
  environment: [
    ['CI', 'Set: what passed is not told one by one.'],
    ['NO_COLOR', 'Set: no colours.'],
    ['GITHUB_ACTIONS', 'true: at most ten failures also become annotations.'],
  ],
  examples: [
    ['run --basic', 'The basic scenarios with every pair of node and python.'],
    ['run dead-peer --server mine --client node --repeat 20', "How often a program of one's own notices a dead peer."],
    ['run --shard 1/4 --seed ci', 'The first of four machines of one run.'],
    ['run cut-by-fin --client mine --keep-on-failure', 'Stop where it fails, and look.'],
  ],
};

export const MUTANTS: HelpPage = {
  verb: 'mutants',
  purpose: 'the kill matrix: seeded bugs against the scenarios that must catch them',
  synopsis: ['mutants [OPTION…] [FILTER…]'],
  description: [
    'Tries subjects with one seeded bug each in the scenarios that say they catch it, with the fault on and then off. A bug that nothing catches, a scenario that catches nothing and a control that catches anything is a problem, and is named. The run folder holds mutants.json, and the report shows the matrix.',
  ],
  options: [
    {
      flag: '--bug NAME…',
      text: 'These bugs only; or a subject of halfopen.config.ts, which then meets every scenario. May be given again.',
    },
    {
      flag: '--scenarios DIR',
      text: "Scenarios of one's own, DIR/<behaviour>/<claim>.ts; one that lists no bug meets all of them.",
    },
    {
      flag: '--reference NAME',
      text: 'The correct subject that plays the other role. Named, it meets the bug in one role first; else the bug plays both, and one only where that is not caught.',
      fallback: 'node',
    },
    {
      flag: '--quick',
      text: 'Leaves a bug once a scenario of its class has killed it, and sweeps 32 places only.',
    },
    { flag: '--every', text: 'Every scenario with every bug, whatever the scenarios list.' },
    { ...SEED, fallback: '0' },
    CELLS,
    {
      ...REPORTS,
      text: 'Where run folders are made, DIR/mutants-…; DIR/latest stays as it is.',
    },
    JSON_LINES,
  ],
  exits: [
    [0, 'every bug was killed and named, every scenario killed one, no control killed any'],
    [1, 'something survived, or was not as promised'],
    [2, 'wrong use'],
    [3, 'a trial could not be made, or the run not be written'],
    [4, 'nothing was to be killed: only controls were tried'],
    ['130, 143', 'interrupted'],
  ],
  examples: [
    ['mutants --quick', 'Whether each bug dies and each scenario kills, as soon as that is known.'],
    ['mutants --bug eof-inside-a-message-delivered', 'All that one bug meets.'],
  ],
};
