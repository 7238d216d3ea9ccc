import type { StepTerminal } from './stepTerminal';

/** What keys do in an output beyond being typed into the program. */
export interface KeyActions {
  find(): void;
  /** Out of the terminal, to the output as a whole. */
  leave(): void;
}

/**
 * Sorts the keys of a focused terminal: to the program, to the editor, or ours. A terminal is no trap: Escape leaves it
 * unless a full-screen program needs it, Shift+Escape always does, and where no input is taken Tab goes on.
 */
export function sortKeys(screen: StepTerminal, actions: KeyActions): void {
  const { terminal } = screen;
  terminal.attachCustomKeyEventHandler(event => {
    if (event.type !== 'keydown') return true;
    const ours = ownAction(event, screen, actions);
    if (ours) {
      event.preventDefault();
      event.stopPropagation();
      ours();
      return false;
    }
    return screen.inputOpen && !isForEditor(event, terminal.hasSelection());
  });
}

/** Keys in the output around the terminal. */
export function outputKeys(root: HTMLElement, screen: StepTerminal, actions: KeyActions): void {
  root.addEventListener('keydown', event => {
    if (isFind(event)) actions.find();
    else if (event.target === root && event.key === 'Enter') screen.terminal.focus();
    else {
      // Plain keys are for the program; to the editor they would be shortcuts for cells.
      const typed = screen.inputOpen && screen.element.contains(event.target as Node);
      if (typed && !isForEditor(event, screen.terminal.hasSelection())) event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}

function ownAction(
  event: KeyboardEvent,
  screen: StepTerminal,
  actions: KeyActions,
): (() => void) | undefined {
  if (isFind(event)) return () => actions.find();
  if (event.key !== 'Escape') return undefined;
  const fullScreen = screen.inputOpen && screen.terminal.buffer.active.type === 'alternate';
  return event.shiftKey || !fullScreen ? () => actions.leave() : undefined;
}

/** Ctrl+F stays with VS Code's users rather than with readline's, who have the arrow key. */
function isFind(event: KeyboardEvent): boolean {
  return (
    event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
  );
}

function isForEditor(event: KeyboardEvent, hasSelection: boolean): boolean {
  const command = event.ctrlKey || event.metaKey;
  const copy = command && event.key.toLowerCase() === 'c' && hasSelection;
  const paste = command && event.key.toLowerCase() === 'v';
  const functionKey = event.key === 'F1' || event.key === 'F6';
  // The editor's own way out of an output and into the cells around it.
  const arrow = command && (event.key === 'ArrowUp' || event.key === 'ArrowDown');
  return copy || paste || functionKey || arrow || event.metaKey || (event.ctrlKey && event.shiftKey);
}
