/**
 * Reads the evidence of one attempt back from its folder.
 *
 * Owns the limits: a file of any size, cut off anywhere, gives bounded evidence and a note of what is missing.
 */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import * as v from 'valibot';

import type { Evidence } from './evidence.ts';
import { ATTEMPT_FILES } from './folder.ts';
import { planSchema } from './plan.ts';
import { receiptsSchema } from './receipt.ts';
import { recordSchema } from './record.ts';
import { wireEventSchema } from './wire-event.ts';

const MAX_JSON_BYTES = 4 * 1024 * 1024;
const MAX_LINES = 500_000;
const MAX_LINES_BYTES = 256 * 1024 * 1024;
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
  let value: unknown;
  try {
    const { size } = await stat(path);
    if (size > MAX_JSON_BYTES)
      throw new Error(`it has ${size} bytes, and no such file needs more than ${MAX_JSON_BYTES}`);
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new EvidenceError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EvidenceError(
    `${path} is not what this version writes: ${v.getDotPath(issue) ?? 'value'}: ${issue.message}`,
  );
}

/** Reads a file of JSON lines; what does not fit is left out and noted. */
async function readLines<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  damage: string[],
): Promise<v.InferOutput<Schema>[]> {
  const values: v.InferOutput<Schema>[] = [];
  const note = (text: string): void => {
    if (damage.length < MAX_DAMAGE) damage.push(text);
  };
  const stream = createReadStream(path, { encoding: 'utf8', end: MAX_LINES_BYTES });
  const failed = new Promise<null>((resolve) => {
    stream.once('error', (error) => {
      note(`${path} cannot be read: ${error.message}`);
      resolve(null);
    });
  });
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (let number = 1; ; number += 1) {
    const next = await Promise.race([lines.next(), failed]);
    if (next === null || next.done === true) break;
    if (number > MAX_LINES) {
      note(`${path} has more than ${MAX_LINES} lines; the rest is left out`);
      stream.destroy();
      break;
    }
    const value = parseLine(next.value, schema);
    if (value.ok) values.push(value.value);
    else note(`${path}, line ${number}: ${value.problem}`);
  }
  if (stream.bytesRead > MAX_LINES_BYTES) note(`${path} is longer than ${MAX_LINES_BYTES} bytes; the rest is left out`);
  return values;
}

function parseLine<Schema extends v.GenericSchema>(
  line: string,
  schema: Schema,
): { ok: true; value: v.InferOutput<Schema> } | { ok: false; problem: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  const result = v.safeParse(schema, raw);
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  return { ok: false, problem: `${v.getDotPath(issue) ?? 'value'}: ${issue.message}` };
}

/**
 * Reads the evidence of one attempt.
 *
 * @param folder the attempt's folder
 * @throws {EvidenceError} where there is no usable plan, without which nothing can be judged
 */
export async function readEvidence(folder: string): Promise<Evidence> {
  const damage: string[] = [];
  const plan = await readJson(join(folder, ATTEMPT_FILES.plan), planSchema);
  const records = await readLines(join(folder, ATTEMPT_FILES.events), recordSchema, damage);
  const wire = await readLines(join(folder, ATTEMPT_FILES.wire), wireEventSchema, damage);
  const receipts = await readJson(join(folder, ATTEMPT_FILES.faults), receiptsSchema).catch((error: unknown) => {
    damage.push(error instanceof Error ? error.message : String(error));
    return [];
  });
  return { plan, records, wire, receipts, damage };
}
