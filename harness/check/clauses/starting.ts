/**
 * How a program starts: without a role, and with what it does not support.
 */
import { EXIT_UNSUPPORTED, ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { Missed } from '../clause.ts';
import type { Clause } from '../clause.ts';
import { Exchange } from '../exchange.ts';
import { environmentOf } from '../stage.ts';
import { ending, summary, UNSUPPORTED_LINE } from '../transcript.ts';

/** Long enough for a program that does something, or ends, to show it. */
const WATCH_MS = 300;

const withoutRole: Clause = {
  id: 'start/without-role',
  text: 'Without HALFOPEN_ROLE the program does nothing, waits for the end of its standard input, and exits 0',
  passage: 'Input',
  role: null,
  waitsMs: WATCH_MS,
  exercise: async (stage) => {
    const run = await stage.start(null, {});
    if (await run.exits(WATCH_MS)) {
      throw new Missed('that it waits for the end of its standard input', ending(run.transcript()));
    }
    const transcript = await run.finish();
    if (transcript.lines.length > 0) {
      throw new Missed('no output', `it printed: ${transcript.lines[0]?.text ?? ''}`);
    }
    if (transcript.exit?.status !== 0) throw new Missed('exit status 0', ending(transcript));
  },
};

/** What no subject can support, as changes to the variables of an ordinary start. */
const IMPOSSIBLE: readonly {
  readonly id: string;
  readonly what: string;
  readonly change: Readonly<Record<string, string>>;
}[] = [
  { id: 'version', what: 'another contract version', change: { HALFOPEN_CONTRACT: '2' } },
  { id: 'role', what: 'an unknown role', change: { HALFOPEN_ROLE: 'onlooker' } },
  { id: 'workload', what: 'an unknown workload', change: { HALFOPEN_WORKLOAD: 'juggle' } },
  { id: 'framing', what: 'an unknown framing', change: { HALFOPEN_PARAMS: '{"framing":"morse"}' } },
  { id: 'content', what: 'an unknown content', change: { HALFOPEN_PARAMS: '{"content":"poems"}' } },
  { id: 'port', what: 'a port that is none', change: { HALFOPEN_PORT: '70000' } },
  { id: 'broken-json', what: 'broken JSON in HALFOPEN_PARAMS', change: { HALFOPEN_PARAMS: '{"messages":' } },
  { id: 'json-and-more', what: 'a JSON object with more behind it', change: { HALFOPEN_PARAMS: '{}}' } },
  { id: 'no-object', what: 'JSON that is no object', change: { HALFOPEN_PARAMS: '[]' } },
  { id: 'text-for-number', what: 'a text where a number is due', change: { HALFOPEN_PARAMS: '{"messages":"10"}' } },
  {
    id: 'true-for-number',
    what: 'a truth value where a number is due',
    change: { HALFOPEN_PARAMS: '{"ioTimeoutMs":true}' },
  },
  { id: 'number-for-text', what: 'a number where a text is due', change: { HALFOPEN_PARAMS: '{"seed":7}' } },
  { id: 'empty-messages', what: 'messages of no bytes', change: { HALFOPEN_PARAMS: '{"messageBytes":0}' } },
  {
    id: 'delimited-bytes',
    what: 'content "bytes" in framing delimited',
    change: { HALFOPEN_PARAMS: '{"framing":"delimited","content":"bytes"}' },
  },
  {
    id: 'ascii5-length',
    what: 'messages of 100000 bytes in framing ascii5',
    change: { HALFOPEN_PARAMS: '{"framing":"ascii5","messageBytes":100000}' },
  },
  {
    id: 'idle-framing',
    what: 'the workload "idle" in framing fixed',
    change: { HALFOPEN_WORKLOAD: 'idle', HALFOPEN_PARAMS: '{"framing":"fixed"}' },
  },
];

function unsupported(role: Role, { id, what, change }: (typeof IMPOSSIBLE)[number]): Clause {
  return {
    id: `${role}/unsupported/${id}`,
    text: `To ${what} a ${role} answers exactly ${UNSUPPORTED_LINE} and exits ${EXIT_UNSUPPORTED}`,
    passage: 'Input',
    role,
    exercise: async (stage) => {
      const listener = await stage.listen();
      const ordinary = environmentOf(role, new Exchange('echo', {}), role === 'server' ? 0 : listener.port);
      const run = await stage.start(role, { ...ordinary, ...change });
      const expected = `the line ${UNSUPPORTED_LINE} and exit status ${EXIT_UNSUPPORTED}`;
      if (!(await run.exits(stage.limits.startMs)))
        throw new Missed(expected, `it is still running; ${summary(run.transcript())}`);
      const { lines, exit } = run.transcript();
      if (lines.length !== 1 || lines[0]?.text !== UNSUPPORTED_LINE) {
        throw new Missed(expected, lines.length === 0 ? 'it printed nothing' : `it printed: ${lines[0]?.text ?? ''}`);
      }
      if (exit?.status !== EXIT_UNSUPPORTED) throw new Missed(expected, ending(run.transcript()));
    },
  };
}

export const STARTING: readonly Clause[] = [
  withoutRole,
  ...ROLES.flatMap((role) => IMPOSSIBLE.map((impossible) => unsupported(role, impossible))),
];
