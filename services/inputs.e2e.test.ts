/**
 * One table of inputs against every reference subject: what the contract decides they all answer, and what it leaves open
 * crashes none of them.
 */
import { describe, expect, test } from 'vitest';
import { CLIENTS, COMMANDS, SERVERS, THERE, withGoBuilt, type Name } from './commands.ts';
import { DECIDED, OPEN, type Input } from './inputs.ts';
import { SubjectProcess } from './node/subject-process.ts';

withGoBuilt();

/** Nobody listens there. */
const DEAF_PORT = 1;
const UNSUPPORTED_LINE = '{"event":"unsupported"}';

function start(
  name: Name,
  { role, workload, env }: Input,
  command: readonly string[] = COMMANDS[name],
): SubjectProcess {
  return new SubjectProcess({ role, workload, port: role === 'server' ? 0 : DEAF_PORT, env, command });
}

/** Starts a subject, ends its input once it has done what it can, and says how it answered. */
async function answerOf(name: Name, input: Input): Promise<string> {
  await using subject = start(name, input);
  const settled = subject.event(input.role === 'server' ? 'listening' : 'done');
  // One that refuses, or cannot listen, ends by itself.
  const status = await settled.then(
    async () => await subject.end(),
    async () => await subject.exited(),
  );
  if (status === 127 && subject.lines.join('\n') === UNSUPPORTED_LINE) return 'unsupported';
  if (status !== 0) return `exits ${status}, having printed ${subject.lines.join('\n')}\n${subject.log}`;
  const failed = subject.events.find(({ event }) => event === 'failed');
  if (failed !== undefined) return `failed ${String(failed['op'])} ${String(failed['code'])}`;
  return input.role === 'server' ? 'listens' : 'is done';
}

/** The answer of every subject that plays the role. */
async function answersTo(input: Input): Promise<Record<string, string>> {
  const names = (input.role === 'server' ? SERVERS : CLIENTS).filter((name) => THERE[name]);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await answerOf(name, input)] as const)));
}

describe('the contract decides, for all subjects', () => {
  test.concurrent.each(DECIDED)('$what: $answer', async ({ answer, ...input }) => {
    const answers = await answersTo(input);
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, answer])));
  });
});

describe('the contract leaves open, and no subject crashes', () => {
  test.concurrent.each(OPEN)('$what', async (input) => {
    const answers = Object.values(await answersTo(input));
    expect(answers.filter((answer) => answer.startsWith('exits'))).toEqual([]);
  });

  test.concurrent.each(['server', 'client', ''])(
    'standard input closed from the start, in the role "%s"',
    async (role) => {
      const input: Input = {
        what: '',
        role: 'server',
        workload: 'echo',
        env: { HALFOPEN_ROLE: role, HALFOPEN_PORT: String(DEAF_PORT) },
      };
      for (const name of SERVERS.filter((each) => THERE[each])) {
        const closed = ['sh', '-c', 'exec "$0" "$@" <&-', ...COMMANDS[name]];
        await using subject = start(name, input, closed);
        expect({ name, status: await subject.exited() }).toEqual({ name, status: 0 });
      }
    },
  );
});

test.concurrent.each(SERVERS.filter((name) => THERE[name]))(
  '%s without a role does nothing, whatever else is asked',
  async (name) => {
    const env = { HALFOPEN_ROLE: undefined, HALFOPEN_CONTRACT: '2', HALFOPEN_PARAMS: '{}}' };
    await using subject = start(name, { what: '', role: 'server', workload: 'juggle', env });
    expect({ status: await subject.end(), lines: subject.lines }).toEqual({ status: 0, lines: [] });
  },
);
