import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  commands,
  contextKeys,
  notebookType,
  rendererId,
  settings,
  treeItems,
  views,
} from '../../../extension/commands/names';
import { PAGE_MIME, RENDERER_ID, STEP_MIME } from '../../../extension/renderer/messages';
import manifest from '../../../package.json';

const { contributes } = manifest;
const declared: readonly Declared[] = contributes.commands;

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

  it('registers commands in one place, whose table has them all', async () => {
    const sources = await sourcesOf('extension');
    assert.equal(sources.split('.registerCommand(').length, 2);
    assert.ok(sources.includes('handlers: Record<keyof typeof commands, Handler>'));
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
    assert.deepEqual(renderer?.mimeTypes, [STEP_MIME, PAGE_MIME]);
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

  it('hides from the palette only what is called by our own links and rows', () => {
    const hidden = contributes.menus.commandPalette.filter(({ when }) => when === 'false');
    same(
      hidden.map(({ command }) => command),
      [commands.openAt, commands.agentActions, commands.openRun, commands.openStep, commands.openEngineFile],
    );
  });

  it('has for each command of the palette a title of its own', () => {
    const titles = declared.map(({ category, title }) => `${category}: ${title}`);
    assert.deepEqual(
      titles.filter((title, i) => titles.indexOf(title) !== i),
      [],
    );
    for (const { command, category, title } of declared) {
      assert.match(category ?? '', /^Handrail( Health| Containers| Clusters)?$/, command);
      assert.match(title, /^[A-Z][\w ()’-]*…?$/, command);
    }
  });

  it('has an icon for each button', () => {
    const icons = new Map(declared.map(({ command, icon }) => [command, icon]));
    const menus = Object.entries(contributes.menus as Record<string, Item[]>);
    const buttons = menus
      .filter(([menu]) => menu !== 'explorer/context')
      .flatMap(([, items]) => items)
      .filter(({ group }) => group !== undefined && /^(inline|navigation)/.test(group));
    assert.ok(buttons.length > 20);
    for (const { command } of buttons) assert.match(icons.get(command) ?? 'none', /^\$\([a-z-]+\)$/, command);
  });

  it('sets each context key that it asks for, and asks for each that it sets', async () => {
    const sources = await sourcesOf('extension');
    for (const [key, name] of Object.entries(contextKeys)) {
      assert.ok(sources.includes(`'setContext', contextKeys.${key}`), `${key} is never set`);
      assert.ok(JSON.stringify(contributes).includes(name), `${key} is never asked for`);
    }
  });

  it('gives each kind of row that menus are for to some row', async () => {
    const sources = await sourcesOf('extension/views');
    for (const key of Object.keys(treeItems)) assert.ok(sources.includes(`treeItems.${key}`), key);
  });

  it('restricts the settings that name programs and folders', () => {
    same(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, [
      settings.node,
      settings.workingFolder,
    ]);
  });

  it('has without trust only what reads and opens', () => {
    const harmless: readonly string[] = [
      ...[commands.openAsRunbook, commands.openAsText, commands.openAt, commands.openRun, commands.openStep],
      ...[commands.pickRunbook, commands.refreshRunbooks, commands.filterRunbooks, commands.clearFilter],
      ...[commands.copyOutput, commands.openOutput, commands.goToLine, commands.searchOutput],
      ...[commands.showAgentLog, commands.agentActions, commands.setSecret, commands.forgetSecret],
    ];
    const free = declared.filter(({ enablement = '' }) => !/^isWorkspaceTrusted( &&|$)/.test(enablement));
    same(
      free.map(({ command }) => command),
      harmless,
    );
  });
});

interface Declared {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}

interface Item {
  readonly command: string;
  readonly group?: string;
}

/** All that the sources below a folder say, in one text. */
async function sourcesOf(folder: string): Promise<string> {
  const root = join(import.meta.dirname, '..', '..', '..', folder);
  const files = (await readdir(root, { recursive: true })).filter(file => file.endsWith('.ts'));
  const texts = await Promise.all(files.map(file => readFile(join(root, file), 'utf8')));
  return texts.join('\n').replace(/\s+/g, ' ');
}

/** Handrail's own names in a when clause; a regular expression stands for all names that it matches. */
function named(when: string): string[] {
  const patterns = [...when.matchAll(/=~ \/\^(.*?)(?:\$|\\b)\//g)].flatMap(([, pattern]) =>
    everyName(pattern!),
  );
  const plain = when.replaceAll(/=~ \/.*?(?:\$|\\b)\//g, '');
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
