import type { ITerminalOptions, ITheme } from '@xterm/xterm';

const ansiNames = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const;

/** How a terminal looks in the editor's present theme, from the variables VS Code sets in a notebook's webview. */
export function terminalLook(): Pick<
  ITerminalOptions,
  'theme' | 'fontFamily' | 'fontSize' | 'screenReaderMode'
> {
  const read = cssReader();
  const size = Number.parseFloat(read('--notebook-cell-output-font-size', '--vscode-editor-font-size'));
  return {
    theme: terminalTheme(read),
    fontFamily: read('--notebook-cell-output-font-family', '--vscode-editor-font-family') || 'monospace',
    fontSize: Number.isFinite(size) && size > 0 ? size : 13,
    screenReaderMode: document.body.classList.contains('vscode-using-screen-reader'),
  };
}

/** Colours of the matches that Find shows; these must be hex, as the search add-on wants them. */
export function matchColours(): { match: string; active: string } {
  const read = cssReader();
  return {
    match: asHex(
      read('--vscode-terminal-findMatchHighlightBackground', '--vscode-editor-findMatchHighlightBackground'),
      '#ea5c00',
    ),
    active: asHex(
      read('--vscode-terminal-findMatchBackground', '--vscode-editor-findMatchBackground'),
      '#9e6a03',
    ),
  };
}

/** Calls back, once a frame at most, when theme, font or screen reader change. */
export function onLookChanged(listener: () => void): { dispose(): void } {
  let frame = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(listener);
  });
  const attributes = { attributes: true, attributeFilter: ['style', 'class'] };
  observer.observe(document.documentElement, attributes);
  observer.observe(document.body, attributes);
  return {
    dispose() {
      cancelAnimationFrame(frame);
      observer.disconnect();
    },
  };
}

type CssReader = (...names: string[]) => string;

function cssReader(): CssReader {
  const style = getComputedStyle(document.body);
  return (...names) => {
    for (const name of names) {
      const value = style.getPropertyValue(name).trim();
      if (value) return value;
    }
    return '';
  };
}

function terminalTheme(read: CssReader): ITheme {
  const ansi = ansiNames.map(name => [name, read(`--vscode-terminal-ansi${capital(name)}`)] as const);
  const wanted: Record<string, string> = {
    // Contrast is judged against this one, so it is what lies behind the text, although that is not painted twice.
    background: read('--vscode-notebook-outputContainerBackgroundColor', '--vscode-editor-background'),
    foreground: read('--vscode-terminal-foreground', '--vscode-editor-foreground', '--vscode-foreground'),
    cursor: read('--vscode-terminalCursor-foreground', '--vscode-editorCursor-foreground'),
    cursorAccent: read('--vscode-terminalCursor-background', '--vscode-editor-background'),
    selectionBackground: read('--vscode-terminal-selectionBackground', '--vscode-editor-selectionBackground'),
    selectionForeground: read('--vscode-terminal-selectionForeground'),
    selectionInactiveBackground: read(
      '--vscode-terminal-inactiveSelectionBackground',
      '--vscode-editor-inactiveSelectionBackground',
    ),
    scrollbarSliderBackground: read('--vscode-scrollbarSlider-background'),
    scrollbarSliderHoverBackground: read('--vscode-scrollbarSlider-hoverBackground'),
    scrollbarSliderActiveBackground: read('--vscode-scrollbarSlider-activeBackground'),
    // It is always drawn; so it must not be seen.
    overviewRulerBorder: read(
      '--vscode-notebook-outputContainerBackgroundColor',
      '--vscode-editor-background',
    ),
    ...Object.fromEntries(ansi),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
}

function asHex(colour: string, fallback: string): string {
  if (/^#[0-9a-f]{6}/i.test(colour)) return colour.slice(0, 7);
  const parts = /^rgba?\((\d+)[, ]+(\d+)[, ]+(\d+)/.exec(colour);
  if (!parts) return fallback;
  return `#${parts
    .slice(1, 4)
    .map(part => Number(part).toString(16).padStart(2, '0'))
    .join('')}`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
