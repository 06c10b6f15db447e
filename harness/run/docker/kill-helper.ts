/**
 * Kills one process of a container from beside it, where signals of this machine do not reach: the engine is elsewhere, or
 * its processes are somebody else's.
 *
 * Owns the helper: a container that joins the other's process namespace, and becomes the same user there before it looks
 * at anything. Who that is it reads from the namespace itself: an engine's `top` is the `ps` of its machine, which is not
 * everywhere the same program.
 */
import { answered } from './engine.ts';
import type { Container, Engine } from './engine.ts';
import { runLabels } from './owner.ts';

const MEMORY_BYTES = 128 * 1024 * 1024;
/**
 * Becomes whom the namespace's first process runs as, in numbers: who is of another user or group is not let into a process
 * (man 2 ptrace). Then kills every process that carries the mark in its environment; ends with 0 where there was one.
 */
const KILLER = `
const { readdirSync, readFileSync } = require('node:fs');
const first = readFileSync('/proc/1/status', 'latin1');
const own = (title) => Number(new RegExp('^' + title + ':\\\\s+(\\\\d+)', 'm').exec(first)[1]);
process.setgroups([]);
process.setgid(own('Gid'));
process.setuid(own('Uid'));
let status = 3;
for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
  try {
    if (Number(pid) === process.pid || !readFileSync('/proc/' + pid + '/environ', 'latin1').includes(process.argv[1])) continue;
    process.kill(Number(pid), 'SIGKILL');
    status = 0;
  } catch {
    // It is gone, or none of this user's.
  }
}
process.exitCode = status;
`;

/** What is needed to make a helper. */
export interface KillHelp {
  readonly engine: Engine;
  /** The run's name, which becomes its label. */
  readonly run: string;
  /** One that has Node, by id. */
  readonly image: string;
}

/** @returns whether there was a process with that mark */
export async function killMarked({ engine, run, image }: KillHelp, target: Container, mark: string): Promise<boolean> {
  const helper = await engine.createContainer({
    Image: image,
    Entrypoint: ['node', '--eval', KILLER, mark],
    Cmd: [],
    User: '0:0',
    Labels: await runLabels(run),
    NetworkDisabled: true,
    HostConfig: {
      AutoRemove: true,
      PidMode: `container:${target.id}`,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      // To become another; who has become one holds them no more.
      CapAdd: ['SETUID', 'SETGID'],
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: 64,
      Memory: MEMORY_BYTES,
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  const ended = helper.wait({ condition: 'removed' }) as Promise<{ StatusCode: number }>;
  const [{ StatusCode }] = await answered(
    'a process was to be killed in its container',
    Promise.all([ended, helper.start()]),
  );
  return StatusCode === 0;
}
