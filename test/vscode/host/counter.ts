import { writeFile } from 'node:fs/promises';
import { inWorkspace } from './notebook';
import { shownOutput } from './shownOutput';

/** A runbook whose only cell counts until it is told to stop, so that no test depends on how fast a machine is. */
export const counter = 'counter.runbook.md';

/** Lets the counter end after its next number. */
export async function stopCounting(): Promise<void> {
  await writeFile(inWorkspace('stop-counting'), '');
}

/** The numbers that were counted, in the order of the text. */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(/count (\d+)\./g)].map(match => Number(match[1]));
}

/** The last number on screen. */
export async function lastShown(): Promise<number | undefined> {
  return numbersIn(await shownOutput()).at(-1);
}

/** 1 to `last`. */
export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
