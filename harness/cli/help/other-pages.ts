/**
 * Help on what looks at scenarios, programs, stored runs and the machine.
 */
import { FLAGS } from '../../proxy/flags.ts';
import type { HelpOption, HelpPage } from './page.ts';

const JSON_LINES: HelpOption = { flag: '--json', text: 'One JSON object a line on standard output.' };
const WRONG_USE = [2, 'wrong use'] as const;

export const LIST: HelpPage = {
  verb: 'list',
  purpose: 'the scenarios with their claims',
  synopsis: ['list [--json] [FILTER…]'],
  description: [
    'Lists every scenario whose id holds one of the FILTERs, or all: its id, its claim, its faults, and what it needs beside a local cell. A FILTER may also name a fault, as fault:restart, or a need: needs:docker, needs:local, or needs:quiet, while which nothing else runs.',
  ],
  options: [{ flag: '--json', text: 'One JSON object a line, with everything a scenario says.' }],
  exits: [[0, 'listed'], WRONG_USE],
  examples: [
    ['list', 'The whole catalogue.'],
    ['list dead-peer --json', 'All that the scenarios on dead peers say.'],
  ],
};

export const EXPLAIN: HelpPage = {
  verb: 'explain',
  purpose: 'the plan of one scenario; nothing is run',
  synopsis: ['explain [OPTION…] ID'],
  description: [
    'Shows what a run of the scenario would do, to the byte: workload and parameters, each fault with its trigger and place, what must be seen for the run to prove anything, and what is expected.',
  ],
  options: [
    { flag: '--seed TEXT', text: 'The seed to plan with.', fallback: '0' },
    { flag: '--json', text: 'The plan as plan.json has it.' },
  ],
  exits: [
    [0, 'shown'],
    [2, 'wrong use, or no such scenario'],
  ],
  examples: [['explain disconnect/a-message-cut-by-rst-is-a-reset --seed 7', 'Where seed 7 cuts the message.']],
};

export const CHECK: HelpPage = {
  verb: 'check',
  purpose: 'does a program keep the subject contract',
  synopsis: ['check [OPTION…] CMD…', 'check [OPTION…] --image NAME'],
  description: [
    'Starts CMD in each role and workload of the contract (docs/contract.md), without faults, and tells clause by clause what is kept, what is missed and what is unsupported. Flags come before CMD: what follows it is its own.',
  ],
  options: [
    { flag: '--role ROLE', text: 'server or client only.', fallback: 'both' },
    {
      flag: '--image NAME',
      text: 'An image instead of a command: its own command is the subject. It runs on this machine’s network, where the engine must be, and may do nothing else.',
    },
    {
      flag: '--only WORD',
      text: 'Clauses of this id, or whose id or a part of it between slashes begins so, or under this heading of the contract, with all that the program prints; may be given again.',
    },
    JSON_LINES,
    { flag: '--help, -h', text: 'This page.' },
  ],
  exits: [
    [0, 'all that is supported is kept'],
    [1, 'a miss, or nothing is supported'],
    WRONG_USE,
    [3, 'the harness failed'],
  ],
  examples: [
    ['check python3 my_subject.py', 'All clauses, both roles.'],
    ['check --image my/subject:dev', 'The same of an image.'],
    ['check --role server --only deadlines ./server', 'One group of clauses, with what the program printed.'],
  ],
};

export const PROXY: HelpPage = {
  verb: 'proxy',
  purpose: "the wire proxy alone: Toxiproxy's interface, TCP's truth",
  synopsis: ['proxy [OPTION…]'],
  description: [
    "Serves Toxiproxy's HTTP interface, so that a client library for it works unchanged, and keeps TCP's meaning: half-close stays half-close, a reset stays a reset. docs/differences-from-toxiproxy.md lists what differs. Flags take one dash or two. It runs until a signal.",
  ],
  options: FLAGS.map(({ name, value, ...rest }) => ({
    flag: `--${name}${value === undefined ? '' : ` ${value}`}`,
    ...rest,
  })),
  exits: [
    [0, 'a clean end'],
    [2, 'wrong use, or the configuration is wrong'],
    [3, 'it could not listen'],
  ],
  environment: [['LOG_LEVEL', 'debug, info, warn or error.']],
  examples: [['proxy --port 8474', 'In the place of toxiproxy-server, for any of its clients.']],
};

export const JUDGE: HelpPage = {
  verb: 'judge',
  purpose: 'judge a stored run, or one attempt of it, again',
  synopsis: ['judge [--json] DIR'],
  description: [
    'Judges the evidence in DIR without sockets and without a clock, and writes verdict.json and run.json anew. The same evidence comes to the same verdicts; a better judge may come to better ones. An attempt whose evidence cannot be read is unknown; without run.json the attempts are judged one by one. "halfopen report DIR" then renders the page.',
  ],
  options: [JSON_LINES],
  exits: [
    ['0 to 5, 130, 143', 'as of the run, see "halfopen run --help"'],
    [2, 'wrong use, or DIR is no run and no attempt'],
  ],
  examples: [['judge reports/latest', 'The newest run.']],
};

export const REPORT: HelpPage = {
  verb: 'report',
  purpose: 'render, open, compare and merge stored runs',
  synopsis: [
    'report [--against OLD] DIR',
    'report open [DIR]',
    'report diff [--json] OLD NEW',
    'report merge [--into DIR] DIR…',
  ],
  description: [
    'Renders index.html, junit.xml and summary.md of a run folder again, whatever state the run was left in.',
    'open shows the page in the browser, by default that of reports/latest. diff tells what regressed, is new and fails, was lost, vanished, is new or fixed. merge puts the shards of one run together, in any order, or adds to what it put together before; a shard that is missing is named, and the status is 3.',
  ],
  options: [
    {
      flag: '--against OLD',
      text: 'The page also shows what is new, fixed, regressed and vanished since the run in OLD.',
    },
    {
      flag: '--into DIR',
      text: 'Where merge writes: a folder that is empty, or holds a merged run, which is replaced.',
      fallback: 'reports/merged',
    },
    { flag: '--json', text: 'diff as one JSON object.' },
  ],
  exits: [
    [0, 'rendered or opened; diff: NEW is as good as OLD; merge: all that ran passed'],
    [1, 'diff: something fails that did not before, or was not there'],
    [
      3,
      'it cannot be written, or there is nothing to open it with; diff: NEW did not end, lacks a case that OLD had run, or could not set one up',
    ],
    [5, 'diff: something that passed or failed before proves nothing now'],
    [4, 'diff: nothing passed in NEW'],
    [2, 'wrong use, or there is no run'],
    ['0 to 5, 130, 143', 'merge: as of the whole run, see "halfopen run --help"'],
  ],
  examples: [
    ['report open', 'The newest report.'],
    ['report diff reports/before reports/latest', 'Whether a change made anything worse.'],
    ['report --against reports/before reports/latest', 'The same, in the page of the newest run.'],
    ['report merge shards/*/latest', 'The parts of a sharded run as one.'],
  ],
};

export const DOCTOR: HelpPage = {
  verb: 'doctor',
  purpose: 'what this machine can run, and what is missing for the rest',
  synopsis: ['doctor [--json]'],
  description: ['Looks at the system, the runtimes and the container engine, and tells of each lack how to get it.'],
  options: [JSON_LINES],
  exits: [[0, 'local cells can run'], WRONG_USE, [3, 'they cannot']],
  examples: [['doctor', 'The first thing to try where a run does not begin.']],
};

export const CLEAN: HelpPage = {
  verb: 'clean',
  purpose: 'remove what a killed run left behind',
  synopsis: ['clean'],
  description: [
    'Ends processes and removes containers and networks whose harness is gone, and nothing else: a run beside it is safe. The next run does the same by itself.',
  ],
  options: [],
  exits: [
    [0, 'nothing is left, as far as there is an engine to ask'],
    WRONG_USE,
    [3, 'something would not go, or the engine that DOCKER_HOST names does not answer'],
  ],
  examples: [['clean', 'After kill -9 of a run.']],
};
