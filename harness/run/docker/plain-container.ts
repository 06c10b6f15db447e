/**
 * A plain subject's image at work: a container of its own that shares the network of the role's place in the cell.
 *
 * Owns its start, what it is kept from, and its end. The place keeps the address and the faults of the network, so that a
 * program that starts anew for each round finds both as they were.
 */
import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';

import type { Role } from '../../contract/words.ts';
import type { Box, Delivery, Exit, OnContainer, SubjectProcess } from '../cell.ts';
import { RunQueueMeter } from '../local/run-queue.ts';
import { asExit } from './container-exit.ts';
import { freezerOf, killContainer } from './container-faults.ts';
import { answered, engineError, statusOf } from './engine.ts';
import type { Container, Engine } from './engine.ts';
import { demandLimits } from './held-limits.ts';
import { runLabels } from './owner.ts';
import { inMemory } from './image-volumes.ts';
import type { Image } from './images.ts';
import { userFor } from './nobody.ts';
import { unstartable } from './not-run.ts';
import { isOwnProcess } from './own-process.ts';

const PIDS = 512;
/** As the compose file has it for every subject. */
const MEMORY_BYTES = 512 * 1024 * 1024;
const NANO = 1e9;
/** What is started, and where. */
export interface BoxedStart {
  readonly engine: Engine;
  /** The run's name. */
  readonly run: string;
  readonly role: Role;
  /** The container that holds the role's place on the network. */
  readonly place: Container;
  readonly image: Image;
  /** Arguments in the place of the image's own; empty: those. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly box: Box;
  readonly onContainer: OnContainer;
}

/**
 * Starts an image.
 *
 * @throws {SubjectUnstartable} when its command cannot be run
 * @throws {RunError} `cell-not-started` when the engine does not do its part, or drops a limit
 */
export async function startBoxed(what: BoxedStart): Promise<SubjectProcess> {
  const container = await create(what);
  let stream: Duplex | null = null;
  try {
    await demandLimits(container, what.role, what.box.resources);
    const attach = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
    stream = (await container.attach(attach)) as Duplex;
    return await followed(what, container, stream);
  } catch (error) {
    stream?.destroy();
    await container.remove({ force: true, v: true }).catch(() => undefined);
    throw error;
  }
}

async function create({ engine, run, place, image, command, environment, box }: BoxedStart): Promise<Container> {
  const { memoryBytes = MEMORY_BYTES, cpus = 0, fds } = box.resources ?? {};
  const made = engine.createContainer({
    Image: image.id,
    ...(command.length === 0 ? {} : { Cmd: [...command] }),
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    User: box.user ?? userFor(image.user),
    Labels: await runLabels(run),
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: `container:${place.id}`,
      ReadonlyRootfs: true,
      Tmpfs: inMemory([...image.volumes, ...box.writable]),
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: PIDS,
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      NanoCpus: cpus * NANO,
      ...(fds === undefined ? {} : { Ulimits: [{ Name: 'nofile', Soft: fds, Hard: fds }] }),
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  return answered('a container of a plain subject was to be made', made).catch((error: unknown) => {
    throw unstartable(error) ?? error;
  });
}

async function followed(
  { role, onContainer }: BoxedStart,
  container: Container,
  stream: Duplex,
): Promise<SubjectProcess> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  container.modem.demuxStream(stream, stdout, stderr);
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.on('error', () => {
    // The connection to the engine is gone; `close` follows, and the exit is then asked for.
  });
  await started(container);
  const pid = await pidOf(container);
  const meter = pid === null ? null : new RunQueueMeter(pid);
  const exited = closed.then(async () => {
    stdout.end();
    stderr.end();
    meter?.close();
    return exitOf(container);
  });
  exited.catch(() => {
    // Whoever follows the process is told; until then nobody may be listening.
  });
  const kill = async (): Promise<Delivery | null> => {
    const delivery = await killContainer(container);
    if (delivery !== null) onContainer(role, 'killed');
    await exited;
    return delivery;
  };
  return {
    role,
    pid,
    stdout,
    stderr,
    exited,
    waitedMs: () => meter?.waitedMs() ?? null,
    endInput: () => stream.end(),
    ...freezerOf(container, role, onContainer),
    kill,
    killContainer: kill,
  };
}

async function started(container: Container): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    throw unstartable(error) ?? engineError('a plain subject could not be started in its container', error);
  }
}

async function pidOf(container: Container): Promise<number | null> {
  const { Pid } = (await container.inspect()).State;
  return (await isOwnProcess(Pid, container.id)) ? Pid : null;
}

/** Its end, after which nothing of it stays. */
async function exitOf(container: Container): Promise<Exit> {
  // Its output ends a moment before the engine knows of its end.
  await answered('the end of a plain subject was awaited', container.wait()).catch(unlessGone);
  const found = await container.inspect().catch(unlessGone);
  // With its container a program is gone as by a kill.
  if (found === null) return { status: null, signal: 'SIGKILL' };
  await container.remove({ force: true, v: true }).catch(unlessGone);
  const { ExitCode, OOMKilled } = found.State;
  return { ...asExit(ExitCode), ...(OOMKilled ? { outOfMemory: true } : {}) };
}

function unlessGone(error: unknown): null {
  if (statusOf(error) === 404) return null;
  throw error;
}
