import { page } from './page';
import { waitFor } from './waitFor';

const rows = '.pane-body .monaco-list-row';

/**
 * Unfolds the first row of the sidebar that has a text, and waits until it is unfolded. A click on a row folds it
 * again where it was unfolded already, and an arrow key then goes to its child: so its state is asked for first.
 */
export async function unfold(text: string): Promise<void> {
  await waitFor(`${text}, unfolded`, async () => {
    const row = await page.evaluate<{ id: string; expanded: string | null } | null>(
      `(row => row && { id: row.id, expanded: row.getAttribute('aria-expanded') })(
        [...document.querySelectorAll(${JSON.stringify(rows)})]
          .find(row => row.textContent.includes(${JSON.stringify(text)})) ?? null)`,
    );
    if (row?.expanded === 'false') await page.click(`[id="${row.id}"] .monaco-tl-twistie`);
    return row?.expanded === 'true';
  });
}
