import { expect, test } from 'vitest';

import { Rig } from '../rig.ts';

test('a dial without a deadline waits for its upstream', async () => {
  await using rig = new Rig({ dialTimeoutMs: 0 });
  const { client, server } = await rig.pair();
  client.socket.write('here');
  await server.has(4);
  expect(rig.told('dial-failed')).toEqual([]);
});
