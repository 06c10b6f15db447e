/**
 * Test only: an echo exchange over the proxy that goes well until a fault bites, and then ends as told.
 */
import { wireBytes } from '../../contract/framing.ts';
import type { Params } from '../../contract/params.ts';
import { echoOf, payload, payloadKey, sha256 } from '../../contract/payload.ts';
import type { FailureCode } from '../../contract/words.ts';
import type { Direction } from '../../scenario/fault.ts';
import { Recorder } from './recorder.ts';

const CLIENT_PORT = 50_001;
const PROXY_PORT = 50_002;

/** Both directions' offsets, as the exchange goes on. */
export class Exchange {
  readonly recorder: Recorder;
  readonly params: Params;
  readonly offsets: Record<Direction, number> = { upstream: 0, downstream: 0 };

  constructor(params: Params, seed: number) {
    this.recorder = new Recorder(seed);
    this.params = params;
  }

  /** Starts both subjects; gives the instants at which a fault was asked for and acknowledged between the two. */
  start(): { askedMs: number; acknowledgedMs: number } {
    const { recorder } = this;
    recorder.note({ kind: 'spawned', role: 'server', pid: 4711, command: ['node', 'main.ts'] });
    recorder.step(60, 70);
    recorder.say('server', { event: 'listening', port: 40_001 });
    recorder.step(1, 2);
    const askedMs = recorder.atMs;
    recorder.step(1, 2);
    const acknowledgedMs = recorder.atMs;
    recorder.note({ kind: 'spawned', role: 'client', pid: 4712, command: ['node', 'main.ts'] });
    recorder.step(60, 70);
    return { askedMs, acknowledgedMs };
  }

  connect(): void {
    const { recorder } = this;
    recorder.say('client', { event: 'connecting', conn: 1, key: 1 });
    recorder.step();
    recorder.tell({ kind: 'accepted', conn: 1, clientPort: CLIENT_PORT });
    recorder.step();
    recorder.say('client', { event: 'connected', conn: 1, localPort: CLIENT_PORT });
    recorder.tell({ kind: 'dialed', conn: 1, localPort: PROXY_PORT });
    recorder.step();
    recorder.say('server', { event: 'accepted', conn: 1, peerPort: PROXY_PORT });
  }

  /** The client's message `seq` reaches the server, which answers; the echo is not yet on its way. */
  request(seq: number): void {
    const { recorder, params } = this;
    const sent = payload(params, payloadKey(params.seed, 1), seq);
    const echoed = echoOf(sent);
    recorder.step(0.2, 0.6);
    recorder.say('client', { event: 'sending', conn: 1, seq, bytes: sent.length, sha256: sha256(sent) });
    recorder.step();
    recorder.say('client', { event: 'sent', conn: 1, seq });
    this.#carry('upstream', wireBytes(params, seq));
    recorder.say('server', { event: 'received', conn: 1, seq, bytes: sent.length, sha256: sha256(sent) });
    recorder.step();
    recorder.say('server', { event: 'sending', conn: 1, seq, bytes: echoed.length, sha256: sha256(echoed) });
    recorder.say('server', { event: 'sent', conn: 1, seq });
  }

  /** The echo of `seq` reaches the client. */
  reply(seq: number): void {
    const { recorder, params } = this;
    const echoed = echoOf(payload(params, payloadKey(params.seed, 1), seq));
    this.#carry('downstream', wireBytes(params, seq));
    recorder.say('client', { event: 'received', conn: 1, seq, bytes: echoed.length, sha256: sha256(echoed) });
  }

  /** The echo of `seq` is swallowed by a fault; gives the instant. */
  swallowReply(seq: number, fault: string, type: string): number {
    const { recorder, params } = this;
    const flow = {
      conn: 1,
      direction: 'downstream',
      offset: this.offsets.downstream,
      bytes: wireBytes(params, seq),
    } as const;
    recorder.step();
    recorder.tell({ kind: 'read', ...flow });
    recorder.step();
    recorder.tell({ kind: 'effect', toxic: fault, type, effect: 'swallowed', ...flow });
    return recorder.atMs;
  }

  /** Both ends close in good order. */
  close(): void {
    const { recorder } = this;
    recorder.step();
    recorder.say('client', { event: 'shutdown', conn: 1 });
    this.#end('upstream');
    recorder.say('server', { event: 'eof', conn: 1 });
    recorder.step();
    recorder.say('server', { event: 'closed', conn: 1 });
    this.#end('downstream');
    recorder.say('client', { event: 'eof', conn: 1 });
    recorder.say('client', { event: 'closed', conn: 1 });
  }

  /** The client gives up. */
  fail(code: FailureCode): void {
    const { recorder } = this;
    recorder.say('client', { event: 'failed', conn: 1, op: 'recv', code, message: 'no whole message in time' });
    recorder.step();
    recorder.say('client', { event: 'closed', conn: 1 });
    this.#end('upstream');
    recorder.say('server', { event: 'eof', conn: 1 });
    recorder.say('server', { event: 'closed', conn: 1 });
  }

  /** Both processes exit. */
  finish(): void {
    const { recorder } = this;
    recorder.tell({ kind: 'closed', conn: 1 });
    recorder.say('client', { event: 'done' });
    for (const role of ['client', 'server'] as const) {
      recorder.step(2, 4);
      recorder.note({ kind: 'input-ended', role });
      recorder.step(5, 9);
      recorder.note({ kind: 'exited', role, status: 0, signal: null });
    }
    recorder.step();
    recorder.note({ kind: 'finished' });
  }

  #carry(direction: Direction, bytes: number): void {
    const { recorder } = this;
    const flow = { conn: 1, direction, offset: this.offsets[direction], bytes };
    recorder.step();
    recorder.tell({ kind: 'read', ...flow });
    recorder.step();
    recorder.tell({ kind: 'wrote', ...flow });
    recorder.step();
    this.offsets[direction] += bytes;
  }

  #end(direction: Direction): void {
    const { recorder } = this;
    const flow = { conn: 1, direction, offset: this.offsets[direction] };
    recorder.tell({ kind: 'fin-read', ...flow });
    recorder.step();
    recorder.tell({ kind: 'fin-wrote', ...flow });
    recorder.step();
  }
}
