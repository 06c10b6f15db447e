import { expect, test } from 'vitest';

import { userFor } from './nobody.ts';

test.each(['', '0', 'root', '0:0', 'root:root', 'root:users', '00', '0000:0', '+0', '-0:1000'])(
  '"%s" is root, and becomes nobody',
  (user) => {
    expect(userFor(user)).toBe('65534:65534');
  },
);

test.each(['node', '1000', '1000:0', 'rooted', '01', '010', '0x0', 'node:0'])('%s stays who it is', (user) => {
  expect(userFor(user)).toBe(user);
});
