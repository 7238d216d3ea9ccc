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

type Look = Required<Pick<ITerminalOptions, 'theme' | 'fontFamily' | 'fontSize' | 'screenReaderMode'>>;

/** How a terminal looks in the editor's present theme, from the variables VS Code sets in a notebook's webview. */
export function terminalLook(): Look {
  const read = cssReader();
  const size = Number.parseFloat(read('--notebook-cell-output-font-size', '--vscode-editor-font-size'));
  return {
    theme: terminalTheme(read),
    fontFamily: read('--notebook-cell-output-font-family', '--vscode-editor-font-family') || 'monospace',
    fontSize: Number.isFinite(size) && size > 0 ? size : 13,
    screenReaderMode: document.body.classList.contains('vscode-using-screen-reader'),
  };
}

/** Colours of the matches that Find shows, all `#rrggbb` as the search add-on wants them. */
export interface MatchColours {
  /** Absent where the theme tells matches by their borders alone. */
  readonly match: string | undefined;
  readonly matchBorder: string | undefined;
  readonly active: string;
  readonly activeBorder: string;
}

/** The match one stands at is to be seen first: it has its own colour at full strength, and a border. */
export function matchColours(): MatchColours {
  const read = cssReader();
  const named = (name: string): string => read(`--vscode-terminal-${name}`, `--vscode-editor-${name}`);
  const behind = read('--vscode-notebook-outputContainerBackgroundColor', '--vscode-editor-background');
  const opaque = (colour: string): string | undefined => onTop(colour, behind);
  const contrast = read('--vscode-contrastActiveBorder');
  return {
    match: opaque(named('findMatchHighlightBackground')),
    matchBorder: opaque(named('findMatchHighlightBorder') || contrast),
    active: opaque(named('findMatchBackground')) ?? opaque(contrast) ?? '#9e6a03',
    activeBorder:
      opaque(named('findMatchBorder') || read('--vscode-editor-foreground', '--vscode-foreground')) ??
      '#808080',
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

/** A CSS colour as VS Code writes them, as it looks on another; undefined for what is none. */
function onTop(colour: string, behind: string): string | undefined {
  const above = channels(colour);
  if (!above) return undefined;
  const below = channels(behind) ?? [0, 0, 0, 1];
  const alpha = above[3];
  const mixed = [0, 1, 2].map(i => Math.round(above[i]! * alpha + below[i]! * (1 - alpha)));
  return `#${mixed.map(channel => channel.toString(16).padStart(2, '0')).join('')}`;
}

type Channels = readonly [red: number, green: number, blue: number, alpha: number];

function channels(colour: string): Channels | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(colour)?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? [...hex].map(digit => digit + digit).join('') : hex;
    const at = (i: number): number => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
    return [at(0), at(1), at(2), digits.length === 8 ? at(3) / 255 : 1];
  }
  const parts = /^rgba?\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)(?:[,/ ]+([\d.]+))?\)$/.exec(colour);
  if (!parts) return undefined;
  return [Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4] ?? 1)];
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
