import assert from 'node:assert/strict';
import {
  commands,
  contextKeys,
  notebookType,
  rendererId,
  settings,
  treeItems,
  views,
} from '../../../extension/commands/names';
import { RENDERER_ID, STEP_MIME } from '../../../extension/renderer/messages';
import manifest from '../../../package.json';

const { contributes } = manifest;

function same(declared: readonly string[], known: readonly string[]): void {
  assert.deepEqual([...declared].sort(), [...known].sort());
}

describe('names shared with package.json', () => {
  it('has the same commands', () => {
    same(
      contributes.commands.map(({ command }) => command),
      Object.values(commands),
    );
  });

  it('has the same settings', () => {
    same(Object.keys(contributes.configuration.properties), Object.values(settings));
  });

  it('has the same views', () => {
    same(
      contributes.views.handrail.map(({ id }) => id),
      Object.values(views),
    );
  });

  it('has the notebook type and the renderer', () => {
    assert.deepEqual(
      contributes.notebooks.map(({ type }) => type),
      [notebookType],
    );
    const renderer = contributes.notebookRenderer.find(({ id }) => id === rendererId);
    assert.deepEqual(renderer?.mimeTypes, [STEP_MIME]);
    assert.equal(rendererId, RENDERER_ID);
  });

  it('names only commands, context keys and tree items in menus that exist', () => {
    const known: Set<string> = new Set(Object.values(commands));
    const words = new Set<string>([
      ...Object.values(contextKeys),
      ...Object.values(views),
      ...Object.values(treeItems),
    ]);
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const { command, when } of items) {
        assert.ok(known.has(command), `${menu}: ${command}`);
        for (const word of named(when)) assert.ok(words.has(word), `${menu}: ${word} in ${when}`);
      }
    }
  });

  it('names only context keys, views, settings and commands in welcome texts that exist', () => {
    const words = new Set<string>([
      ...Object.values(contextKeys),
      ...Object.values(settings),
      ...Object.values(commands),
      ...Object.values(views),
    ]);
    for (const { contents, when } of contributes.viewsWelcome) {
      const named = `${contents} ${when}`.matchAll(/handrail\.\w+(?:\.\w+)*/g);
      for (const [word] of named) assert.ok(words.has(word), `${word} in ${contents}`);
    }
  });

  it('offers in the palette every command that needs no row to act on, and says so of each other', () => {
    const hidden = contributes.menus.commandPalette
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    for (const command of hidden)
      assert.ok(command in Object.fromEntries(Object.values(commands).map(name => [name, true])));
  });

  it('restricts the settings that name programs and folders', () => {
    same(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, [
      settings.node,
      settings.workingFolder,
    ]);
  });

  it('leaves nothing in a trusted menu that runs without trust', () => {
    const running: readonly string[] = [
      commands.runCell,
      commands.runRunbook,
      commands.stopRun,
      commands.runAgain,
      commands.resetSession,
    ];
    for (const { command, enablement } of contributes.commands as {
      command: string;
      enablement?: string;
    }[]) {
      if (running.includes(command)) assert.equal(enablement, 'isWorkspaceTrusted', command);
    }
  });
});

/** Handrail's own names in a when clause; a regular expression stands for all names that it matches. */
function named(when: string): string[] {
  const patterns = [...when.matchAll(/=~ \/\^(.*?)\$\//g)].flatMap(([, pattern]) => everyName(pattern!));
  const plain = when.replaceAll(/=~ \/.*?\$\//g, '');
  return [...patterns, ...[...plain.matchAll(/handrail\.[\w.]+/g)].map(([name]) => name)];
}

/** `a\.(b|c(\.d)?)` as `a.b`, `a.c`, `a.c.d`: innermost groups first. No other signs of expressions are known here. */
function everyName(pattern: string): string[] {
  const group = /\(([^()]*)\)(\??)/.exec(pattern);
  if (group === null) return [pattern.replaceAll('\\', '')];
  const ways = [...group[1]!.split('|'), ...(group[2] === '?' ? [''] : [])];
  const rest = pattern.slice(group.index + group[0].length);
  return [...new Set(ways.flatMap(way => everyName(`${pattern.slice(0, group.index)}${way}${rest}`)))];
}
