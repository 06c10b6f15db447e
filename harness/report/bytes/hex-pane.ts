/**
 * Bytes in hex and text around the first one that did not arrive.
 */
import type { Evidence } from '../../evidence/evidence.ts';
import { html, xml } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { expectedBytes } from './expected-bytes.ts';
import { divergenceOf } from './stream.ts';
import type { ByteStream } from './stream.ts';

const ROW_BYTES = 16;
const ROWS_AROUND = 2;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** Null where everything arrived, or the contract does not fix the bytes. */
export function hexPane(evidence: Evidence, stream: ByteStream): Markup | null {
  const divergence = divergenceOf(stream);
  if (divergence === null) return null;
  const first = Math.max(0, Math.floor(divergence / ROW_BYTES) - ROWS_AROUND) * ROW_BYTES;
  // The workload may have had more messages in mind than were ever handed over.
  const last = Math.min(first + (2 * ROWS_AROUND + 1) * ROW_BYTES, stream.sent.at(-1)?.to ?? 0);
  const expected = expectedBytes(evidence, stream.conn, stream.direction, { from: first, to: last });
  if (expected === null) return null;
  const begin = Math.max(first, Math.ceil(expected.from / ROW_BYTES) * ROW_BYTES);
  const rows: Markup[] = [];
  for (let offset = begin; offset < Math.min(last, expected.from + expected.bytes.length); offset += ROW_BYTES) {
    const end = Math.min(offset + ROW_BYTES, last);
    const bytes = expected.bytes.subarray(offset - expected.from, end - expected.from);
    rows.push(hexRow(offset, bytes, divergence));
  }
  return html`<pre class="hex" tabindex="0">${rows}</pre>
    <p class="aside">
      What was handed over around byte ${divergence}: <span class="gone">marked bytes</span> did not arrive in a whole
      message.
    </p>`;
}

function hexRow(offset: number, bytes: Buffer, divergence: number): Markup {
  const arrived = Math.max(0, Math.min(bytes.length, divergence - offset));
  const [kept, gone] = [bytes.subarray(0, arrived), bytes.subarray(arrived)];
  const room = '   '.repeat(ROW_BYTES - bytes.length);
  // An XML template: here every space counts.
  return xml`${String(offset).padStart(8)}  ${hex(kept)}${marked(hex(gone))}${room}  ${text(kept)}${marked(text(gone))}${'\n'}`;
}

function marked(gone: string): Markup | null {
  return gone === '' ? null : xml`<span class="gone">${gone}</span>`;
}

function hex(bytes: Buffer): string {
  return [...bytes].map((byte) => `${byte.toString(16).padStart(2, '0')} `).join('');
}

function text(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => (byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE ? String.fromCharCode(byte) : '·'))
    .join('');
}
