import * as vscode from 'vscode';
import type { EngineFeed } from '../../agent/engineFeed';
import { questionWords, type Question } from './questionWords';
import { placeOf } from './placeOf';
import type { Target } from './targets';

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
  // Else VS Code adds a Cancel of its own.
  const no = { title: `Do Not ${question.verb}`, isCloseAffordance: true };
  const yes = [question.verb, ...(question.also ?? [])].map(title => ({ title }));
  const answer = await vscode.window.showWarningMessage<vscode.MessageItem>(
    message,
    { modal: true, detail },
    no,
    ...yes,
  );
  return answer === undefined || answer === no ? undefined : answer.title;
}

function placesOf(feed: EngineFeed, targets: readonly Target[]): string[] {
  const endpoints = [...new Set(targets.map(({ endpoint }) => endpoint))];
  return endpoints.map(id => {
    const endpoint = feed.endpoint(id);
    return endpoint === undefined ? id : placeOf(endpoint);
  });
}
