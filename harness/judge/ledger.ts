/**
 * The messages that an attempt's parameters define, by origin and number, and which of them a digest names.
 *
 * Owns what *should* have been sent and received; what was is told by the sides. Digests are computed once each.
 */
import { echoOf, payload, payloadBytes, payloadKey, payloadPieces, sha256Of } from '../contract/payload.ts';
import type { PayloadShape } from '../contract/payload.ts';
import { HEADER_BYTES, wireBytes } from '../contract/framing.ts';
import type { Workload } from '../contract/words.ts';
import type { Plan } from '../evidence/plan.ts';
import type { Direction } from '../scenario/fault.ts';

/** Whose messages: those of the client's connection `c`, or the server's own. */
export type Origin = number | 'server';

/** As the origin sent it, or complemented. */
export type Form = 'original' | 'echo';

export interface DueMessage {
  readonly origin: Origin;
  readonly seq: number;
  readonly form: Form;
  readonly bytes: number;
  readonly sha256: string;
}

/** A digest is looked for among at most this many messages; beyond it a wrong message stays unnamed. */
const MOST_RECOGNISED = 20_000;

/** Bytes of an upload's reply: a SHA-256 in hexadecimal. CONTRACT, Workloads. */
export const REPLY_BYTES = 64;

const ECHOING: ReadonlySet<Workload> = new Set(['echo', 'pipeline', 'reconnect']);

export class Ledger {
  readonly shape: PayloadShape;
  readonly #plan: Plan;
  readonly #due = new Map<string, DueMessage>();
  #seqs: readonly number[] | null = null;
  #byDigest: Map<string, DueMessage> | null = null;

  constructor(plan: Plan) {
    this.#plan = plan;
    const framing = plan.workload === 'upload' ? 'until-end' : plan.params.framing;
    this.shape = { content: plan.params.content, messageBytes: plan.params.messageBytes, framing };
  }

  /** Whether the server sends back what it receives. */
  get echoes(): boolean {
    return ECHOING.has(this.#plan.workload);
  }

  /** Messages that one side originates on one connection. */
  get messages(): number {
    return this.shape.framing === 'until-end' ? 1 : this.#plan.params.messages;
  }

  /** The numbers of those messages, in order. */
  get seqs(): readonly number[] {
    this.#seqs ??= Array.from({ length: this.messages }, (_, seq) => seq);
    return this.#seqs;
  }

  /** The payload itself. */
  payload(origin: Origin, seq: number, form: Form): Buffer {
    const bytes = payload(this.shape, payloadKey(this.#plan.params.seed, origin), seq);
    return form === 'echo' ? echoOf(bytes) : bytes;
  }

  /** The digest of a payload, or of so many bytes of its beginning. */
  digest({ origin, seq, form }: Pick<DueMessage, 'origin' | 'seq' | 'form'>, mostBytes?: number): string {
    const pieces = payloadPieces(this.shape, payloadKey(this.#plan.params.seed, origin), seq, mostBytes);
    return sha256Of(form === 'echo' ? pieces.map(echoOf) : pieces);
  }

  message(origin: Origin, seq: number, form: Form): DueMessage {
    const name = `${origin}/${seq}/${form}`;
    const known = this.#due.get(name);
    if (known !== undefined) return known;
    const due = { origin, seq, form, bytes: payloadBytes(this.shape, seq), sha256: this.digest({ origin, seq, form }) };
    this.#due.set(name, due);
    return due;
  }

  /** Which defined message has this digest; `null` when none has, or when content `zeros` gives all the same. */
  recognise(digest: string): DueMessage | null {
    if (this.shape.content === 'zeros') return null;
    this.#byDigest ??= this.#index();
    return this.#byDigest.get(digest) ?? null;
  }

  /**
   * Where message `index` of a direction ends in its stream, heartbeats not counted.
   *
   * @param seqs the numbers of the messages in that stream, in order
   */
  ends(direction: Direction, seqs: readonly number[]): number[] {
    if (this.#plan.workload === 'upload' && direction === 'downstream') return [REPLY_BYTES];
    let offset = 0;
    return seqs.map((seq) => (offset += wireBytes(this.shape, seq)));
  }

  /** Bytes of a heartbeat on the wire: a length of 0. */
  get heartbeatBytes(): number {
    return HEADER_BYTES.prefix32;
  }

  #index(): Map<string, DueMessage> {
    const { connections } = this.#plan.params;
    const origins: Origin[] = ['server', ...Array.from({ length: connections }, (_, index) => index + 1)];
    const index = new Map<string, DueMessage>();
    for (const origin of origins) {
      for (let seq = 0; seq < this.messages; seq += 1) {
        if (index.size >= MOST_RECOGNISED) return index;
        for (const form of ['original', 'echo'] as const) {
          const due = this.message(origin, seq, form);
          index.set(due.sha256, due);
        }
      }
    }
    return index;
  }
}
