/** The browser in which the report's tests look at a report. */
import { access } from 'node:fs/promises';
import { aptInstall } from './apt.ts';
import type { Step } from './step.ts';

export const browser: Step = {
  name: 'browser',
  present: () =>
    access('/usr/bin/chromium').then(
      () => true,
      () => false,
    ),
  make: () => aptInstall(['chromium']),
  remedy: 'run as root on Debian 12 with its package mirror in reach, or install chromium',
};
