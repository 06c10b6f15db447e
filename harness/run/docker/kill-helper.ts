/**
 * Kills one process of a container from beside it, where signals of this machine do not reach: the engine is elsewhere, or
 * its processes are somebody else's.
 *
 * Owns the helper: a container that joins the other's process namespace as the same user, with no capability at all.
 */
import { answered } from './engine.ts';
import type { Container, Engine } from './engine.ts';
import { runLabels } from './owner.ts';

const MEMORY_BYTES = 128 * 1024 * 1024;
/** Kills every process that carries the mark in its environment; ends with 0 where there was one. */
const KILLER = `
const { readdirSync, readFileSync } = require('node:fs');
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
  const user = await userOf(target);
  const helper = await engine.createContainer({
    Image: image,
    Entrypoint: ['node', '--eval', KILLER, mark],
    Cmd: [],
    User: user,
    Labels: await runLabels(run),
    NetworkDisabled: true,
    HostConfig: {
      AutoRemove: true,
      PidMode: `container:${target.id}`,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
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

/** In numbers: names mean something in their own image alone. Who is of another group is not let into a process (man 2 ptrace). */
async function userOf(container: Container): Promise<string> {
  const { Titles, Processes } = (await container.top({ ps_args: '-o pid,uid,gid' })) as {
    Titles: readonly string[];
    Processes: readonly (readonly string[])[];
  };
  const [first] = Processes;
  if (first === undefined) throw new Error(`container ${container.id.slice(0, 12)} has no process`);
  return ['UID', 'GID'].map((title) => first[Titles.indexOf(title)] ?? '').join(':');
}
