/** Lines that a terminal keeps of one output; at 120 columns about 15 MB. */
const mostLines = 10_000;
const columns = 120;

/** Colours and other looks (ECMA-48 SGR): they change nothing about the text. */
const looks = /\x1b\[[\d;:]*m/g;
/** Control characters that move or erase. */
const moves = /[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]/;

/** Whether a text needs no terminal to be read: no control codes but line ends and colours. */
export function isPlain(text: string): boolean {
  return !moves.test(plainText(text));
}

/** A text without colours, its line ends LF. */
export function plainText(text: string): string {
  return text.replace(looks, '').replaceAll('\r\n', '\n');
}

/** What stands on the screen, and above it, once a terminal has printed a text: the last 10,000 lines. */
export async function terminalText(text: string): Promise<string> {
  const { Terminal } = await import('@xterm/headless');
  const terminal = new Terminal({
    cols: columns,
    rows: 50,
    scrollback: mostLines,
    convertEol: true,
    allowProposedApi: true,
    logLevel: 'off',
  });
  try {
    await new Promise<void>(resolve => terminal.write(text, resolve));
    return screenText(terminal.buffer.active);
  } finally {
    terminal.dispose();
  }
}

interface Screen {
  readonly length: number;
  getLine(
    y: number,
  ): { readonly isWrapped: boolean; translateToString(trimRight: boolean): string } | undefined;
}

function screenText(screen: Screen): string {
  const lines: string[] = [];
  for (let y = 0; y < screen.length; y++) {
    const line = screen.getLine(y);
    const isContinued = screen.getLine(y + 1)?.isWrapped ?? false;
    const text = line?.translateToString(!isContinued) ?? '';
    if (line?.isWrapped && lines.length > 0) lines.push(`${lines.pop() ?? ''}${text}`);
    else lines.push(text);
  }
  const whole = lines.join('\n').trimEnd();
  return whole === '' ? '' : `${whole}\n`;
}
