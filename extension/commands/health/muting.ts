import * as vscode from 'vscode';
import { userName } from '../../../agent/client/userName';
import { muteCheck } from '../../../agent/protocol/checkHistory';
import type { CheckRow } from '../../../agent/protocol/health';
import { parseDuration } from '../../../agent/runbook/duration';
import type { AgentClient } from '../../agent/agentClient';
import { askText, pick } from '../../quickInput';

const hour = 3_600_000;
const longest = 30 * 24 * hour;

const times: readonly { readonly label: string; readonly ms: number | undefined }[] = [
  { label: '30 minutes', ms: hour / 2 },
  { label: '2 hours', ms: 2 * hour },
  { label: 'A day', ms: 24 * hour },
  { label: 'A week', ms: 7 * 24 * hour },
  { label: 'Another time…', ms: undefined },
];

/** Has nobody told of a check for a time that the person chooses. It is looked at all the same. */
export async function mute(agent: AgentClient, { id, name }: CheckRow): Promise<void> {
  const chosen = await pick(times, {
    title: `Mute ${name} for How Long?`,
    placeHolder: 'It is looked at all the same; nobody is told of it',
  });
  const ms = chosen === undefined ? undefined : (chosen.ms ?? (await askTime(name)));
  if (ms === undefined) return;
  await agent.request(muteCheck, { check: id, until: Date.now() + ms, by: userName(process.env) });
  vscode.window.setStatusBarMessage(`${name} is muted.`, 4000);
}

/** Has people told of it again. */
export async function unmute(agent: AgentClient, { id }: CheckRow): Promise<void> {
  await agent.request(muteCheck, { check: id, by: userName(process.env) });
}

async function askTime(name: string): Promise<number | undefined> {
  const isWrong = (text: string): string | undefined => {
    const ms = parseDuration(text.trim());
    return ms === undefined || ms <= 0 || ms > longest
      ? 'A time like 90m or 2d, at most 30 days.'
      : undefined;
  };
  const typed = await askText({
    title: `Mute ${name} for How Long?`,
    prompt: 'For example 90m, 6h or 2d',
    validateInput: isWrong,
  });
  return typed === undefined || isWrong(typed) !== undefined ? undefined : parseDuration(typed.trim());
}
