/**
 * Shows a run to machines: one JSON object a line.
 */
import { jsonLine } from './printable.ts';
import type { RunPrinter } from './run-printer.ts';

export function jsonPrinter(): RunPrinter {
  const print = (value: unknown): void => {
    process.stdout.write(`${jsonLine(value)}\n`);
  };
  return {
    show: (event) => {
      if (event.type === 'job-started') {
        const { scenario, server, client, cell, proxy } = event.job.plan;
        print({ type: event.type, scenario, server, client, cell, proxy, cellNumber: event.cell });
      } else if (event.type === 'result') {
        print({ type: event.type, result: event.result, verdict: event.verdict });
      } else if (event.type === 'started') print(event);
    },
    held: ({ plan }, held) =>
      print({ type: 'held', scenario: plan.scenario, server: plan.server, client: plan.client, ...held }),
    end: async (run, { index, line }) =>
      print({
        type: 'finished',
        run: run.run,
        exitStatus: run.exitStatus,
        counts: run.counts,
        durationMs: run.durationMs,
        report: index,
        ...(index === null ? { problem: line } : {}),
      }),
  };
}
