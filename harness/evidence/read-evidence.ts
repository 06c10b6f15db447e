/**
 * Reads the evidence of one attempt back from its folder.
 *
 * Owns what is made of files that are cut off, of another version or full of anything else: bounded evidence, and a note
 * of what is missing. The limits on lines are `bounded-lines.ts`.
 */
import { join } from 'node:path';

import * as v from 'valibot';

import { boundedLines } from './bounded-lines.ts';
import type { Evidence, EvidenceOf, PlainEvidence } from './evidence.ts';
import { filePieces } from './file-pieces.ts';
import { ATTEMPT_FILES } from './folder.ts';
import { plainPlanSchema, planSchema } from './plan.ts';
import type { PlanFrame } from './plan.ts';
import { receiptsSchema } from './receipt.ts';
import { recordSchema } from './record.ts';
import { wireEventSchema } from './wire-event.ts';

const MAX_JSON_BYTES = 4 * 1024 * 1024;
/** Enough to say what is wrong; more of the same helps nobody. */
const MAX_DAMAGE = 20;

/** A file of a run folder that cannot be used at all. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly code = 'evidence-unreadable';
}

/**
 * Reads one JSON file and checks it against its schema.
 *
 * @throws {EvidenceError} naming the file and what is wrong with it
 */
export async function readJson<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  return parsed(path, await readValue(path), schema);
}

/** @throws {EvidenceError} naming the file and what is wrong with it */
function parsed<Schema extends v.GenericSchema>(path: string, value: unknown, schema: Schema): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EvidenceError(
    `${path} is not what this version writes: ${v.getDotPath(issue) ?? 'value'}: ${issue.message}`,
  );
}

async function readValue(path: string): Promise<unknown> {
  try {
    const pieces: Buffer[] = [];
    for await (const piece of filePieces(path, MAX_JSON_BYTES + 1)) pieces.push(piece);
    const whole = Buffer.concat(pieces);
    if (whole.length > MAX_JSON_BYTES) throw new Error(`no such file needs more than ${MAX_JSON_BYTES} bytes`);
    return JSON.parse(whole.toString('utf8'));
  } catch (error) {
    throw new EvidenceError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** What a line's record may be, by its `kind`: looking only there is several times faster than trying one after another. */
type Kinds<Schema> = ReadonlyMap<unknown, Schema>;

function byKind<
  Schema extends v.GenericSchema & { readonly entries: { readonly kind: { readonly literal: unknown } } },
>(options: readonly Schema[]): Kinds<Schema> {
  return new Map(options.map((option) => [option.entries.kind.literal, option]));
}

const RECORDS = byKind(recordSchema.options);
const WIRE_EVENTS = byKind(wireEventSchema.options);

/** Reads a file of JSON lines; what does not fit is left out and noted. */
async function readLines<Schema extends v.GenericSchema>(
  path: string,
  kinds: Kinds<Schema>,
  damage: string[],
): Promise<v.InferOutput<Schema>[]> {
  const values: v.InferOutput<Schema>[] = [];
  const note = (text: string): void => {
    if (damage.length < MAX_DAMAGE) damage.push(text);
  };
  try {
    for await (const lines of boundedLines(path)) {
      for (const line of lines) {
        const value = 'left' in line ? { ok: false as const, problem: line.left } : parseLine(line.text, kinds);
        if (value.ok) values.push(value.value);
        else note(`${path}, line ${line.number}: ${value.problem}`);
      }
    }
  } catch (error) {
    note(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return values;
}

function parseLine<Schema extends v.GenericSchema>(
  line: string,
  kinds: Kinds<Schema>,
): { ok: true; value: v.InferOutput<Schema> } | { ok: false; problem: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  const kind = typeof raw === 'object' && raw !== null && 'kind' in raw ? raw.kind : undefined;
  const schema = kinds.get(kind);
  if (schema === undefined) return { ok: false, problem: 'kind: no such record' };
  const result = v.safeParse(schema, raw);
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  return { ok: false, problem: `${v.getDotPath(issue) ?? 'value'}: ${issue.message}` };
}

/**
 * Reads the evidence of one attempt of subjects that keep the contract.
 *
 * @param folder the attempt's folder
 * @throws {EvidenceError} where there is no usable plan, without which nothing can be judged
 */
export async function readEvidence(folder: string): Promise<Evidence> {
  return readAround(folder, await readJson(join(folder, ATTEMPT_FILES.plan), planSchema));
}

/**
 * Reads the evidence of one attempt, whatever its subjects.
 *
 * @throws {EvidenceError} as `readEvidence`
 */
export async function readAnyEvidence(folder: string): Promise<Evidence | PlainEvidence> {
  const path = join(folder, ATTEMPT_FILES.plan);
  const value = await readValue(path);
  const isPlain = typeof value === 'object' && value !== null && 'plain' in value && value.plain !== undefined;
  if (isPlain) return readAround(folder, parsed(path, value, plainPlanSchema));
  return readAround(folder, parsed(path, value, planSchema));
}

async function readAround<Kind extends PlanFrame>(folder: string, plan: Kind): Promise<EvidenceOf<Kind>> {
  const damage: string[] = [];
  const records = await readLines(join(folder, ATTEMPT_FILES.events), RECORDS, damage);
  const wire = await readLines(join(folder, ATTEMPT_FILES.wire), WIRE_EVENTS, damage);
  for (const record of records) {
    if (record.kind === 'left-out')
      damage.push(`${ATTEMPT_FILES.events}: ${record.count} records more came than are kept`);
  }
  const receipts = await readJson(join(folder, ATTEMPT_FILES.faults), receiptsSchema).catch((error: unknown) => {
    damage.push(error instanceof Error ? error.message : String(error));
    return [];
  });
  return { plan, records, wire, receipts, damage };
}
