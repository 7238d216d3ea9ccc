import type { PageRequest } from '../protocol';
import { call } from './driver';

/**
 * The page that shows this window, for what only a person sees: rows of a tree, rendered output, focus. Selectors
 * are Playwright's. On a desktop there is no page: ask {@link hasPage} and skip.
 */
export const page = {
  /** Saves a screenshot under .vscode-test/screenshots and gives its path. */
  screenshot: (name: string) => ask<string>({ do: 'screenshot', name }),
  /** The text of every element that matches. */
  texts: (selector: string) => ask<string[]>({ do: 'texts', selector }),
  /** Clicks the first element that matches, once it is there. */
  click: (selector: string) => ask<null>({ do: 'click', selector }),
  /** Drags the first element that matches onto another one, with a key held down from the moment that it moves. */
  drag: (from: string, to: string, holding?: string) =>
    ask<null>({ do: 'drag', from, to, ...(holding !== undefined && { holding }) }),
  /** Presses keys, as in `Control+S`. */
  press: (keys: string) => ask<null>({ do: 'press', keys }),
  type: (text: string) => ask<null>({ do: 'type', text }),
  /** Value of an expression in the workbench's page. */
  evaluate: <T>(expression: string) => ask<T>({ do: 'evaluate', expression }),
  /** Value of an expression in each frame that renders outputs and text cells. */
  evaluateInNotebook: <T>(expression: string) => ask<T[]>({ do: 'evaluateInNotebook', expression }),
};

export function hasPage(): boolean {
  return process.env['HANDRAIL_TEST_DESKTOP'] === undefined;
}

async function ask<T>(request: PageRequest): Promise<T> {
  return (await call('page', request)) as T;
}
