/** Characters of a command that a row shows. */
const longest = 160;

/**
 * A command on one line as it is: what could not be seen there, or would show another order than is run, stands as an
 * escape. `isWhole`: whether all of it is there.
 */
export function shownCommand(text: string): { readonly line: string; readonly isWhole: boolean } {
  const line = text.replaceAll(unseen, written);
  if (line.length <= longest) return { line, isWhole: true };
  return { line: `${line.slice(0, longest)}… (${String(text.length)} characters)`, isWhole: false };
}

/** Controls, what has no width or turns the direction, and more blanks than a person would count. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]|(?! )\p{Zs}| {3,}/gu;

function written(found: string): string {
  if (found === '\n') return ' ↵ ';
  if (found.startsWith(' ')) return ` ⟨${String(found.length)} blanks⟩ `;
  return `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A Markdown page with commands in full. */
export function commandsPage(commands: readonly { readonly name: string; readonly text: string }[]): string {
  const parts = commands.map(
    ({ name, text }) => `${quoted(shownCommand(name).line)}\n\n${quoted(plain(text))}`,
  );
  return `# Commands of checks\n\n${parts.join('\n\n')}\n`;
}

/** As `unseen`, but lines and blanks are seen on a page. */
function plain(text: string): string {
  return text.replaceAll(unseen, found => (found === '\n' || found.startsWith(' ') ? found : written(found)));
}

/** A fence that the text cannot end. */
function quoted(text: string): string {
  const ticks = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(ticks + 1);
  return `${fence}text\n${text}\n${fence}`;
}
