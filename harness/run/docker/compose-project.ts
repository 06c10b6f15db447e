/**
 * One cell's containers: a project of the repository's own compose file, brought up by testcontainers.
 *
 * Owns the project's name, and putting another image into a role's place. What runs in it is not its matter.
 */
import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { DockerComposeEnvironment, Wait } from 'testcontainers';
import type { StartedDockerComposeEnvironment, WaitStrategy } from 'testcontainers';

import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { endMarked, OWNER_VARIABLE, ownerMark, PROCESS_VARIABLE } from '../local/sweep.ts';
import { SubjectUnstartable } from '../cell.ts';
import type { Terrain } from '../cell.ts';
import { messageOf } from '../run-error.ts';
import { API_PORT, COMPOSE_FILE } from './compose-file.ts';
import { composeVariables } from './compose-variables.ts';
import { NOT_WAITING } from './container-process.ts';
import { answered, engineError } from './engine.ts';
import { engineHost } from './engine-answer.ts';
import type { Container, Engine } from './engine.ts';
import { volumeFiles } from './image-volumes.ts';
import type { Image } from './images.ts';
import { ownerName } from './owner.ts';
import { removeContainer, removeProject } from './sweep.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const API_LIMIT_MS = 30_000;
/** So long a proxy's API has for an answer, and so long after one that failed it is asked again. */
const API_ASKED_EVERY_MS = 200;
/** Enough for an image to be pulled; what takes longer is stuck. */
const UP_LIMIT_MS = 300_000;
const END_AGAIN_MS = 1_000;

const STOCK: Terrain = { kernel: 'stock', resources: {} };

/** The services that the compose file names. */
export type Service = Role | 'proxy' | 'wire';

/** The images of a project's containers. */
export interface ProjectImages extends Readonly<Record<Role, Image>> {
  /** By its id. */
  readonly wire: string;
}

/** What a project is brought up with. */
export interface ProjectStart {
  readonly name: string;
  /** The run's name, which becomes everything's label. */
  readonly run: string;
  readonly images: ProjectImages;
  /** Whether the engine runs on this machine. */
  readonly isHere: boolean;
  readonly signal: AbortSignal;
}

export class ComposeProject implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #name: string;
  readonly #run: string;
  readonly #isHere: boolean;
  readonly #signal: AbortSignal;
  /** Services whose container was killed, and is not replaced yet. */
  readonly #killed = new Set<Service>();
  /** Roles whose container may not be as it was made, and is not replaced yet. */
  readonly #spoilt = new Set<Role>();
  #images: ProjectImages;
  #terrain: Terrain = STOCK;
  #started: StartedDockerComposeEnvironment;

  private constructor(engine: Engine, up: ProjectStart, started: StartedDockerComposeEnvironment) {
    this.#engine = engine;
    this.#name = up.name;
    this.#run = up.run;
    this.#isHere = up.isHere;
    this.#signal = up.signal;
    this.#images = up.images;
    this.#started = started;
  }

  /**
   * Brings a project up. Aborting ends that soon; what it has made by then is the run's to remove, by its label.
   *
   * @throws {RunError} `cell-not-started`
   */
  static async up(engine: Engine, start: ProjectStart): Promise<ComposeProject> {
    return new ComposeProject(engine, start, await bringUp(start, STOCK));
  }

  /** @throws {SubjectUnstartable} where a subject's container does not wait for work */
  container(service: Service): Container {
    if (!this.#isThere(service)) throw new SubjectUnstartable(`the container of its image ${NOT_WAITING}`);
    return this.#engine.getContainer(this.#started.getContainer(`${service}-1`).getId());
  }

  /** testcontainers knows only of containers that ran when it looked, and says so by throwing. */
  #isThere(service: Service): boolean {
    try {
      this.#started.getContainer(`${service}-1`);
      return true;
    } catch {
      return false;
    }
  }

  /** Where a proxy's API is reached from here. */
  apiUrl(service: 'proxy' | 'wire'): string {
    const container = this.#started.getContainer(`${service}-1`);
    return `http://${container.getHost()}:${container.getMappedPort(API_PORT)}`;
  }

  /** Remembers that a role's container was killed: another takes its place before it is needed again. */
  noteKilled(role: Role): void {
    this.#killed.add(role);
  }

  /** Remembers that a role's container may have kept a fault: another takes its place before it is needed again. */
  noteSpoilt(role: Role): void {
    this.#spoilt.add(role);
  }

  isKilled(service: Service): boolean {
    return this.#killed.has(service);
  }

  /** Whether every container that was not killed is as it was made, as far as anybody noted otherwise. */
  get isUnspoilt(): boolean {
    return this.#spoilt.size === 0;
  }

  /** Makes the subjects' containers ones of these images and of this terrain that run; what is so already stays as it is. */
  async use(images: Partial<Record<Role, Image>>, terrain: Terrain = this.#terrain): Promise<void> {
    const named = ROLES.filter((role) => images[role] !== undefined);
    const lost = named.filter((role) => this.#killed.has(role) || this.#spoilt.has(role));
    const isAnother = named.some((role) => images[role]?.id !== this.#images[role].id);
    if (lost.length === 0 && !isAnother && isDeepStrictEqual(this.#terrain, terrain)) return;
    this.#images = { ...this.#images, ...images };
    this.#terrain = terrain;
    try {
      for (const role of lost) await this.#remove(role);
      await this.#bringUpAgain();
    } catch (error) {
      // What was there may run on, or be half replaced: testcontainers says nothing of what it could not take down.
      for (const role of ROLES) this.noteSpoilt(role);
      throw error;
    }
  }

  /** Compose would leave a container that runs as it is, whatever was done to its network. */
  async #remove(role: Role): Promise<void> {
    const container = `${this.#name}-${role}-1`;
    await answered(`${container} was to be replaced`, removeContainer(this.#engine, container));
    this.#killed.delete(role);
    this.#spoilt.delete(role);
  }

  async #bringUpAgain(): Promise<void> {
    this.#started = await bringUp(
      { name: this.#name, run: this.#run, images: this.#images, isHere: this.#isHere, signal: this.#signal },
      this.#terrain,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      // Not by `down`: it waits for each container to end by itself, and asks the compose file what there is.
      await removeProject(this.#engine, this.#name);
    } catch (error) {
      throw engineError(`the cell ${this.#name} could not be taken down`, error);
    }
  }
}

/** How each proxy is known to be up: by its API where that can be reached, else by what it prints then. */
function upWhen(said: RegExp, isHere: boolean): WaitStrategy {
  const sign = isHere
    ? Wait.forHttp('/version', API_PORT).withReadTimeout(API_ASKED_EVERY_MS)
    : Wait.forLogMessage(said);
  return sign.withStartupTimeout(API_LIMIT_MS);
}

/** A limit on descriptors stands in a file of its own: one that is not asked for must not be set at all. */
function filesFor({ resources }: Terrain): string[] {
  const limited = ROLES.filter((role) => resources[role]?.fds !== undefined);
  return [COMPOSE_FILE, ...limited.map((role) => `harness/run/docker/limits/${role}-fds.yml`)];
}

/** Compose is a process of its own: it carries the harness's mark, so that a killed harness's is found, and one to end it by. */
async function bringUp(
  { name, run, images, isHere, signal }: ProjectStart,
  terrain: Terrain,
): Promise<StartedDockerComposeEnvironment> {
  signal.throwIfAborted();
  const mark = randomUUID();
  const owner = await ownerMark();
  let again: NodeJS.Timeout | undefined;
  const endCompose = (): void => {
    void endMarked(PROCESS_VARIABLE, mark);
    // What could not be brought up is then taken down by testcontainers, with another process.
    again ??= setInterval(() => void endMarked(PROCESS_VARIABLE, mark), END_AGAIN_MS);
  };
  const late = setTimeout(endCompose, UP_LIMIT_MS);
  signal.addEventListener('abort', endCompose, { once: true });
  try {
    await using volumes = await volumeFiles(images);
    return await new DockerComposeEnvironment(ROOT, [...filesFor(terrain), ...volumes.names])
      .withProjectName(name)
      .withProfiles('cell', 'wire')
      // In the place of a `.env` beside the compose file.
      .withEnvironmentFile(devNull)
      .withEnvironment({
        ...composeVariables({ run, owner: await ownerName(), images, terrain }),
        DOCKER_HOST: engineHost(),
        [OWNER_VARIABLE]: owner,
        [PROCESS_VARIABLE]: mark,
      })
      .withWaitStrategy('proxy-1', upWhen(/Starting Toxiproxy HTTP server/, isHere))
      .withWaitStrategy('wire-1', upWhen(/"address"/, isHere))
      .up();
  } catch (error) {
    signal.throwIfAborted();
    throw engineError(`the cell ${name} could not be brought up`, withoutProgress(error));
  } finally {
    clearTimeout(late);
    clearInterval(again);
    signal.removeEventListener('abort', endCompose);
  }
}

/** What Compose has done so far stands before the reason for which it goes no further. */
function withoutProgress(error: unknown): Error {
  const message = messageOf(error)
    .split('\n')
    .filter((line) => !/^\s*(?:Network|Container|Volume) \S+ {2}\w/.test(line))
    .join('\n');
  return new Error(message, { cause: error });
}
