import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KINDS, pair } from './pair.ts';

/** The kernel's timer of the connection from this port: its kind, 2 being keepalive, and the seconds it has left. */
function timerOf(port: number): { readonly kind: number; readonly leftSeconds: number } {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/self/net/tcp', 'utf8').split('\n');
  const row = rows
    .map((line) => line.trim().split(/\s+/))
    .find(([, from, , state]) => from === local && state === '01');
  const [kind = '', left = ''] = row?.[5]?.split(':') ?? [];
  return { kind: Number.parseInt(kind, 16), leftSeconds: Number.parseInt(left, 16) / 100 };
}

describe.skipIf(process.platform !== 'linux')('keepalive', () => {
  test.each(KINDS)(
    'of a %s socket is off until it is asked for, and then has the times that were asked for',
    async (kind) => {
      const { socket } = await pair(kind);
      const port = socket.localAddress?.port ?? 0;
      expect(timerOf(port).kind).toBe(0);
      socket.setKeepAlive({ idleMs: 98_700, intervalMs: 1000, count: 3 });
      const { kind: timer, leftSeconds } = timerOf(port);
      expect(timer).toBe(2);
      // Rounded up to whole seconds.
      expect(leftSeconds).toBeGreaterThan(90);
      expect(leftSeconds).toBeLessThanOrEqual(99);
    },
  );
});
