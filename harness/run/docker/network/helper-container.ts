/**
 * One network helper at work: a container beside the cell that joins another's network namespace.
 *
 * Owns its start, talking to it, and its end. It holds no more than NET_ADMIN, in that namespace alone, and lives on this
 * process's connection to it: when that is gone it takes its faults back and ends.
 */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import { createInterface } from 'node:readline';

import { messageOf } from '../../run-error.ts';
import { answered } from '../engine.ts';
import type { Container, Engine } from '../engine.ts';
import { runLabels } from '../owner.ts';
import { READY } from './helper/request.ts';
import type { HelperAnswer, HelperRequest } from './helper/request.ts';

/** A rule is there, or gone, within tens of ms; a start takes half a second. This long means never. */
const ANSWER_LIMIT_MS = 15_000;
const MEMORY_BYTES = 128 * 1024 * 1024;
const ERROR_BYTES = 4_096;

export interface NetworkHelper extends AsyncDisposable {
  /**
   * Asks for something; one request at a time is under way.
   *
   * @returns how many packets or connections it was about
   * @throws {Error} with the helper's reason, or where it does not answer
   */
  ask(request: HelperRequest): Promise<number>;
}

/**
 * Starts a helper in a container's network namespace.
 *
 * @param run the run's name, which becomes its label
 * @param image the helper's, by id
 */
export async function startHelper(
  engine: Engine,
  run: string,
  image: string,
  target: Container,
): Promise<NetworkHelper> {
  const container = await engine.createContainer({
    Image: image,
    Labels: await runLabels(run),
    OpenStdin: true,
    // The engine ends its input when the harness's connection is gone.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: `container:${target.id}`,
      Init: true,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN'],
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: 64,
      Memory: MEMORY_BYTES,
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  const attach = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
  const stream = (await container.attach(attach)) as Duplex;
  const stdout = new PassThrough();
  const said = new ErrorText();
  container.modem.demuxStream(stream, stdout, said.stream);
  stream.once('close', () => stdout.end());
  stream.on('error', () => {
    // The connection to the engine is gone; `close` follows, and who waits for an answer is told.
  });
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = (attempted: string): Promise<unknown> => nextLine(answers, attempted, said);
  try {
    await container.start();
    if ((await next('to start')) !== READY)
      throw new Error('the network helper began with something else than "ready"');
  } catch (error) {
    stream.destroy();
    throw error;
  }
  let last: Promise<unknown> = Promise.resolve();
  const askNow = async (request: HelperRequest): Promise<number> => {
    stream.write(`${JSON.stringify(request)}\n`);
    const answer = (await next(`to ${request.do}`)) as HelperAnswer;
    if (!answer.ok) throw new Error(`the network helper could not ${request.do}: ${answer.problem}`);
    return answer.count;
  };
  return {
    ask: (request) => {
      const answer = last.then(() => askNow(request));
      last = answer.catch(() => null);
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      const removed = container.wait({ condition: 'removed' });
      stream.end();
      // One that does not go is the run's to remove, by its label.
      await answered('the end of a network helper was awaited', removed).catch(() => null);
      stream.destroy();
    },
  };
}

async function nextLine(answers: AsyncIterator<string>, attempted: string, said: ErrorText): Promise<unknown> {
  const limit = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const late = once(limit, 'abort').then(() => null);
  const line = await Promise.race([answers.next(), late]);
  if (line === null)
    throw new Error(`the network helper did not answer within ${ANSWER_LIMIT_MS} ms when asked ${attempted}`);
  if (line.done === true)
    throw new Error(`the network helper ended when asked ${attempted}: ${said.text || 'it said nothing'}`);
  try {
    return JSON.parse(line.value) as unknown;
  } catch (error) {
    throw new Error(`the network helper's answer is no JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** The beginning of what it writes to standard error. */
class ErrorText {
  readonly stream = new PassThrough();
  text = '';

  constructor() {
    this.stream.on('data', (bytes: Buffer) => {
      this.text = (this.text + bytes.toString('latin1')).slice(0, ERROR_BYTES);
    });
  }
}
