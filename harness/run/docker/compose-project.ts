/**
 * One cell's containers: a project of the repository's own compose file, brought up by testcontainers.
 *
 * Owns the project's name and variables, and putting another image into a role's place. What runs in it is not its matter.
 */
import { fileURLToPath } from 'node:url';
import { DockerComposeEnvironment, Wait } from 'testcontainers';
import type { StartedDockerComposeEnvironment } from 'testcontainers';

import type { Role } from '../../contract/words.ts';
import type { Kernel } from '../../scenario/scenario.ts';
import { engineError } from './engine.ts';
import type { Container, Engine } from './engine.ts';
import { removeProject } from './sweep.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COMPOSE_FILE = 'docker-compose.yml';
const API_PORT = 8474;
const UP_LIMIT_MS = 30_000;

/** The services that the compose file names. */
export type Service = Role | 'proxy' | 'wire';

/** What the compose file's variables are set to: image ids. */
export interface ProjectImages {
  readonly server: string;
  readonly client: string;
  readonly wire: string;
}

export class ComposeProject implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #name: string;
  readonly #run: string;
  #images: ProjectImages;
  #kernel: Kernel = 'stock';
  #started: StartedDockerComposeEnvironment;

  private constructor(
    engine: Engine,
    name: string,
    run: string,
    up: { images: ProjectImages; started: StartedDockerComposeEnvironment },
  ) {
    this.#engine = engine;
    this.#name = name;
    this.#run = run;
    this.#images = up.images;
    this.#started = up.started;
  }

  /**
   * Brings a project up.
   *
   * @param run the run's name, which becomes everything's label
   * @throws {RunError} `cell-not-started`
   */
  static async up(engine: Engine, name: string, run: string, images: ProjectImages): Promise<ComposeProject> {
    return new ComposeProject(engine, name, run, { images, started: await bringUp(name, run, images) });
  }

  container(service: Service): Container {
    return this.#engine.getContainer(this.#started.getContainer(`${service}-1`).getId());
  }

  /** Where a proxy's API is reached from here. */
  apiUrl(service: 'proxy' | 'wire'): string {
    const container = this.#started.getContainer(`${service}-1`);
    return `http://${container.getHost()}:${container.getMappedPort(API_PORT)}`;
  }

  /** Makes the role's container one of this image; the others stay as they are. */
  async useImage(role: Role, image: string): Promise<void> {
    if (this.#images[role] === image) return;
    this.#images = { ...this.#images, [role]: image };
    await this.#bringUpAgain();
  }

  /** Makes the subjects' containers ones with these clocks of the kernel; they can only be given when one is made. */
  async useKernel(kernel: Kernel): Promise<void> {
    if (this.#kernel === kernel) return;
    this.#kernel = kernel;
    await this.#bringUpAgain();
  }

  async #bringUpAgain(): Promise<void> {
    this.#started = await bringUp(this.#name, this.#run, this.#images, this.#kernel);
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

/** By the compose file's variables (man 7 tcp). Measured: retransmission is given up after 3.3 s, a SYN after 3.1 s. */
const SHORT_CLOCKS = { HALFOPEN_TCP_RETRIES2: '2', HALFOPEN_TCP_SYN_RETRIES: '1' };

async function bringUp(
  name: string,
  run: string,
  images: ProjectImages,
  kernel: Kernel = 'stock',
): Promise<StartedDockerComposeEnvironment> {
  const api = Wait.forHttp('/version', API_PORT).withStartupTimeout(UP_LIMIT_MS);
  try {
    return await new DockerComposeEnvironment(ROOT, COMPOSE_FILE)
      .withProjectName(name)
      .withProfiles('wire')
      .withEnvironment({
        HALFOPEN_RUN: run,
        HALFOPEN_SERVER_IMAGE: images.server,
        HALFOPEN_CLIENT_IMAGE: images.client,
        HALFOPEN_WIRE_IMAGE: images.wire,
        ...(kernel === 'fast' ? SHORT_CLOCKS : {}),
      })
      .withWaitStrategy('proxy-1', api)
      .withWaitStrategy('wire-1', api)
      .up();
  } catch (error) {
    throw engineError(`the cell ${name} could not be brought up`, error);
  }
}
