/**
 * What this machine has of what local cells and the reference subjects need, and how to get what is missing.
 *
 * Owns the questions about everything but Docker, which `run/docker/doctor-tools.ts` and `run/docker/doctor.ts` ask. Nothing is changed.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { promisify } from 'node:util';

import { messageOf } from '../run/run-error.ts';

const run = promisify(execFile);
const ASK_LIMIT_MS = 10_000;

/** What a finding is needed for. */
export type Need = 'local cells' | 'all local checks' | 'the Python subject' | 'the Go subject' | 'Docker cells';

export interface Finding {
  readonly need: Need;
  readonly what: string;
  readonly there: boolean;
  /** What was found, or what came back instead. */
  readonly found: string;
  /** How to get it; empty where nothing is missing. */
  readonly remedy: string;
}

const PLATFORMS: Readonly<Partial<Record<NodeJS.Platform, { readonly found: string; readonly remedy: string }>>> = {
  linux: { found: 'Linux: everything', remedy: '' },
  darwin: {
    found: 'macOS: local cells, without what /proc shows',
    remedy: 'nothing is needed; Docker cells, or a Linux machine, check the rest',
  },
};

/** All of it, in the order shown. */
export async function examineMachine(): Promise<Finding[]> {
  const [loopback, temporary, proc, ownAddresses, python, go] = await Promise.all([
    examineLoopback('127.0.0.1', 'local cells', 'the loopback interface must be up: "ip link set lo up"'),
    examineTemporary(),
    examineProc(),
    examineLoopback('127.0.37.2', 'all local checks', 'nothing is needed: cells then share 127.0.0.1'),
    examineProgram('the Python subject', 'python3', '--version', 'install Python 3.11 or later'),
    examineProgram('the Go subject', 'go', 'version', 'install Go 1.26 or later'),
  ]);
  const node = there('local cells', 'Node', `${process.versions.node}, ${availableParallelism()} cores`);
  return [node, loopback, temporary, examinePlatform(), proc, ownAddresses, python, go];
}

function there(need: Need, what: string, found: string): Finding {
  return { need, what, there: true, found, remedy: '' };
}

function examinePlatform(): Finding {
  const known = PLATFORMS[process.platform] ?? {
    found: `${process.platform}: not supported`,
    remedy: 'on Windows run it in WSL2; elsewhere in a Linux machine',
  };
  return { need: 'all local checks', what: 'platform', there: known.remedy === '', ...known };
}

/** The kernel's tables, from which sockets and stopped processes are read. */
async function examineProc(): Promise<Finding> {
  try {
    await readFile('/proc/self/net/tcp');
    return there('all local checks', '/proc', 'the kernel shows sockets and processes');
  } catch (error) {
    const remedy = 'Linux has it; where it is missing these checks are shown as not checked';
    return { need: 'all local checks', what: '/proc', there: false, found: messageOf(error), remedy };
  }
}

/** Listening for a moment is the only proof that an address can be used. */
async function examineLoopback(host: string, need: Need, remedy: string): Promise<Finding> {
  const server = createServer();
  try {
    server.listen(0, host);
    await once(server, 'listening');
    return there(need, `address ${host}`, 'can be listened on');
  } catch (error) {
    return { need, what: `address ${host}`, there: false, found: messageOf(error), remedy };
  } finally {
    server.close();
  }
}

async function examineTemporary(): Promise<Finding> {
  const folder = tmpdir();
  try {
    await access(folder, constants.W_OK);
    return there('local cells', 'temporary folder', folder);
  } catch (error) {
    const remedy = 'point TMPDIR at a folder that can be written to';
    return { need: 'local cells', what: 'temporary folder', there: false, found: messageOf(error), remedy };
  }
}

async function examineProgram(need: Need, program: string, asking: string, remedy: string): Promise<Finding> {
  try {
    const { stdout } = await run(program, [asking], { timeout: ASK_LIMIT_MS });
    return there(need, program, stdout.trim());
  } catch (error) {
    const found =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'not on the PATH' : messageOf(error);
    return { need, what: program, there: false, found, remedy: `${remedy}; its pairs are shown as not run until then` };
  }
}
