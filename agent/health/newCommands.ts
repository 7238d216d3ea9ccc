import type { newCommands } from '../protocol/health';
import type { ResultOf } from '../protocol/message';
import { commandMark, commandText } from './commandMark';
import { readHealthFile } from './format/readHealthFile';

/** The commands of a file's checks that its text has after an edit and had not before it. */
export function newCommandsOf(file: string, before: string, after: string): ResultOf<typeof newCommands> {
  const was = readHealthFile(file, before);
  // What stands in a check that could not be read would seem new.
  const isKnown = before.trim() === '' || was.problems.every(({ severity }) => severity !== 'error');
  if (!isKnown) return { commands: [], isKnown };
  const known = new Set(was.checks.map(commandMark));
  const commands = readHealthFile(file, after).checks.flatMap(check => {
    const mark = commandMark(check);
    return mark === undefined || known.has(mark) ? [] : [{ text: commandText(check), mark }];
  });
  return { commands, isKnown };
}
