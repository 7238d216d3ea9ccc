import * as vscode from 'vscode';
import type { EngineFeed } from '../../agent/engineFeed';
import { nameOfTarget, placeOf } from './targetNames';
import type { Target } from './targets';

/** What a person is asked before something that cannot be taken back. */
export interface Question {
  /** `Remove`: what the button says, and the beginning of the question. */
  readonly verb: string;
  /** `container`; several are `containers`. */
  readonly what: string;
  /** Further ways to say yes, such as `Remove with Volumes`. */
  readonly also?: readonly string[];
  readonly detail?: string;
}

/**
 * Asks whether to do something to these, naming them, their engine and its host. The safe answer comes first, since a
 * modal focuses the first. Gives the answer's button; undefined: no.
 */
export async function confirm(
  feed: EngineFeed,
  targets: readonly Target[],
  question: Question,
): Promise<string | undefined> {
  const { message, detail } = questionWords(targets, placesOf(feed, targets), question);
  const no = { title: `Do Not ${question.verb}` };
  const yes = [question.verb, ...(question.also ?? [])].map(title => ({ title }));
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, no, ...yes);
  return answer === undefined || answer === no ? undefined : answer.title;
}

function placesOf(feed: EngineFeed, targets: readonly Target[]): string[] {
  const endpoints = [...new Set(targets.map(({ endpoint }) => endpoint))];
  return endpoints.map(id => {
    const endpoint = feed.endpoint(id);
    return endpoint === undefined ? id : placeOf(endpoint);
  });
}

/** Names in a question; more are counted. */
const namedAtMost = 12;

export function questionWords(
  targets: readonly Target[],
  places: readonly string[],
  { verb, what, detail }: Question,
): { message: string; detail: string } {
  const names = targets.map(({ row }) => wordsOf(row));
  const [only] = names;
  const subject =
    names.length === 1 && only !== undefined ? `${what} ${only}` : `${String(names.length)} ${what}s`;
  const left = names.length - namedAtMost;
  const listed =
    names.length === 1
      ? []
      : [...names.slice(0, namedAtMost), ...(left > 0 ? [`and ${String(left)} more`] : [])];
  return {
    message: `${verb} ${subject} on ${places.join('; ')}?`,
    detail: [listed.join('\n'), detail ?? ''].filter(part => part !== '').join('\n\n'),
  };
}

function wordsOf(row: Target['row']): string {
  return row.kind === 'container' && row.state !== 'exited'
    ? `${nameOfTarget(row)} (${row.state})`
    : nameOfTarget(row);
}
