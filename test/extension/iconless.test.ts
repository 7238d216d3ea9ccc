import assert from 'node:assert/strict';
import type { TreeDataProvider, TreeItem } from 'vscode';
import { iconless } from '../../extension/iconless';
import { plainTree } from '../../extension/views/plainTree';

/** What VS Code takes for an icon (src/vs/base/common/iconLabels.ts). */
const icon = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/i;

describe('text of others that VS Code shows', () => {
  for (const text of ['echo $(date)', '$(bug)', '\\$(sync~spin)', '$($(bug))', '$$(bug)'])
    it(`${text} has no icon in it`, () => {
      const shown = iconless(text);
      assert.doesNotMatch(shown, icon);
      assert.equal(shown.replaceAll('\u2060', ''), text);
    });

  it('stands in rows as it is written', async () => {
    const provider: TreeDataProvider<TreeItem> = {
      getChildren: () => [],
      getTreeItem: item => item,
    };
    const rows = plainTree(provider);
    const row = await rows.getTreeItem({ label: { label: '$(bug)' }, description: 'echo $(date)' });
    assert.doesNotMatch(JSON.stringify(row), icon);
    assert.doesNotMatch(JSON.stringify(await rows.getTreeItem({ label: '$(bug)' })), icon);
    assert.ok(!('resolveTreeItem' in rows));
  });
});
