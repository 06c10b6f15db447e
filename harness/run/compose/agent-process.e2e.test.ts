/** An agent as a process of this machine, and what the harness has it do. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { processState } from '../local/process-state.ts';
import { startByAgent } from './agent-process.ts';

const AGENT = fileURLToPath(new URL('agent/main.ts', import.meta.url));
const HOST = '127.0.91.1';
/** Says its number and what it was told, and goes when its input ends; told to stay, it does not. */
const SUBJECT = `
console.log(process.pid, process.env.TOLD);
console.error('a word for the log');
if (process.env.TOLD === 'stay') setInterval(() => {}, 1000);
else process.stdin.resume().on('end', () => process.exit(7));
`;

let agent: ChildProcess;

beforeAll(async () => {
  const args = [AGENT, process.execPath, '--eval', SUBJECT];
  const env = { ...process.env, AGENT_HOST: HOST };
  agent = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (agent.stdout !== null) await once(agent.stdout, 'data');
});

afterAll(async () => {
  const ended = once(agent, 'close');
  agent.kill();
  await ended;
});

const NEVER = new AbortController().signal;

const start = () => startByAgent('server', HOST, { TOLD: 'this' }, NEVER);

async function firstLine(stdout: NodeJS.ReadableStream): Promise<string> {
  const [chunk] = (await once(stdout, 'data')) as [Buffer];
  return chunk.toString();
}

test('a subject is started with its variables, and all that it prints and its end come back', async () => {
  const subject = await start();
  const [out, log] = [text(subject.stdout), text(subject.stderr)];
  while (subject.waitedMs() === null) await delay(5);
  expect(subject.waitedMs()).toBeGreaterThanOrEqual(0);
  subject.endInput();
  expect(await subject.exited).toEqual({ status: 7, signal: null });
  expect(await out).toMatch(/^\d+ this\n$/);
  expect(await log).toBe('a word for the log\n');
});

test('it is frozen, thawed and killed, by the word of the kernel there', async () => {
  const subject = await start();
  const pid = Number.parseInt(await firstLine(subject.stdout), 10);
  expect(await subject.freeze()).toMatchObject({ grade: 'kernel' });
  expect(await processState(pid)).toBe('T');
  await subject.thaw();
  expect(await processState(pid)).not.toBe('T');
  expect(await subject.kill()).toMatchObject({ grade: 'kernel' });
  expect(await subject.exited).toEqual({ status: null, signal: 'SIGKILL' });
});

/** A harness that starts a subject and does that with it; the subject's number, once that is done. */
async function harnessThat(does: string, told: string) {
  const program = `
    import { once } from 'node:events';
    import { startByAgent } from ${JSON.stringify(new URL('agent-process.ts', import.meta.url).href)};
    const subject = await startByAgent('client', '${HOST}', { TOLD: '${told}' }, new AbortController().signal);
    const [line] = await once(subject.stdout, 'data');
    ${does}
    process.stdout.write(line);
    setInterval(() => {}, 1000);
  `;
  const harness = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { harness, pid: Number.parseInt(await firstLine(harness.stdout), 10) };
}

test.for([
  ['is at work', '', 'that'],
  ['is frozen', 'await subject.freeze();', 'that'],
  ['does not heed the end of its input', '', 'stay'],
  ['is frozen and would not heed it', 'await subject.freeze();', 'stay'],
] as const)('when the harness that asked for it goes, one goes that %s', async ([, does, told]) => {
  const { harness, pid } = await harnessThat(does, told);
  expect(await processState(pid)).not.toBeNull();
  harness.kill('SIGKILL');
  while ((await processState(pid)) !== null) await delay(5);
  expect(await processState(pid)).toBeNull();
});

test('where no agent is, what would bring one up is said', async () => {
  await expect(startByAgent('server', '127.0.91.2', {}, NEVER)).rejects.toMatchObject({
    code: 'cell-not-started',
    remedy: expect.stringContaining('docker compose run --rm harness') as string,
  });
});
