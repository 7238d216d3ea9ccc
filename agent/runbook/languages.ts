/** How cells of a language are executed: in the shell session, in a live interpreter, or by a program of their own. */
export type LanguageKind = 'shell' | 'python' | 'node' | 'other';

/** A language whose fences are cells. */
export interface Language {
  /** The id that plans and records use. */
  readonly id: string;
  readonly kind: LanguageKind;
  /** First words of an info string that mean it, lower case; the first is what a new cell gets. */
  readonly tags: readonly string[];
  /** VS Code's language id for the editor. */
  readonly editor: string;
  /** What starts a comment that goes to the end of the line. */
  readonly comment: string;
  /** Program and arguments that take the text from a file, for languages that front matter or settings added. */
  readonly interpreter?: string;
}

/** Tags where a line's `$ ` or `# ` is a prompt whatever the first line is. */
export const consoleTags: ReadonlySet<string> = new Set([
  'console',
  'shell-session',
  'shellsession',
  'terminal',
]);

/** Every language Handrail knows; the rest of the fences are text. */
export const languages: readonly Language[] = [
  shell('bash', ['bash', 'sh', 'shell', 'shellscript', ...consoleTags], 'shellscript'),
  shell('zsh', ['zsh'], 'shellscript'),
  shell('fish', ['fish'], 'fish'),
  { id: 'python', kind: 'python', tags: ['python', 'py', 'python3'], editor: 'python', comment: '#' },
  {
    id: 'node',
    kind: 'node',
    tags: ['js', 'javascript', 'node', 'mjs', 'cjs'],
    editor: 'javascript',
    comment: '//',
  },
  other('typescript', ['ts', 'typescript'], 'typescript', '//'),
  other('powershell', ['powershell', 'pwsh', 'ps1', 'ps'], 'powershell', '#'),
  other('cmd', ['cmd', 'bat', 'batch'], 'bat', 'REM'),
  other('ruby', ['ruby', 'rb'], 'ruby', '#'),
  other('perl', ['perl', 'pl'], 'perl', '#'),
  other('php', ['php'], 'php', '//'),
  other('lua', ['lua'], 'lua', '--'),
  other('go', ['go', 'golang'], 'go', '//'),
  other('rust', ['rust', 'rs'], 'rust', '//'),
  other('r', ['r'], 'r', '#'),
  other('sql', ['sql'], 'sql', '--'),
  other('http', ['http'], 'http', '#'),
  other('promql', ['promql'], 'promql', '#'),
];

/** Languages that front matter or settings add: tag → id of a known language, or program and arguments. */
export type AddedLanguages = Readonly<Record<string, string>>;

/** Finds the language a tag means; tags are compared without case. */
export class LanguageTable {
  readonly #byTag = new Map<string, Language>();

  constructor(added: AddedLanguages = {}) {
    for (const language of languages) for (const tag of language.tags) this.#byTag.set(tag, language);
    for (const [tag, meaning] of Object.entries(added)) this.#add(tag.toLowerCase(), meaning);
  }

  find(tag: string): Language | undefined {
    return this.#byTag.get(tag) ?? this.#byTag.get(tag.toLowerCase());
  }

  #add(tag: string, meaning: string): void {
    const known = languages.find(({ id }) => id === meaning);
    this.#byTag.set(tag, known ?? { ...other(tag, [tag], 'plaintext', '#'), interpreter: meaning });
  }
}

/**
 * The language that a program reads: `bash` of `/bin/dash`, `python` of `python3.12`. Undefined where no language is
 * known by that name.
 */
export function runnerLanguage(program: string): string | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1).toLowerCase();
  const plain = name.replace(/\.exe$/, '').replace(/(?<=[a-z])[\d.]+$/, '');
  return posixShells.has(plain) ? 'bash' : (ownTable.find(name) ?? ownTable.find(plain))?.id;
}

const ownTable = new LanguageTable();

/** Programs that read what `sh` reads, and that no fence is called by. */
const posixShells: ReadonlySet<string> = new Set(['ash', 'dash', 'ksh', 'mksh']);

/** The language of an id, if it is one of the table's own. */
export function languageOf(id: string): Language | undefined {
  return languages.find(language => language.id === id);
}

/** The tag that a cell gets whose language in the editor is this one. */
export function tagForEditor(editor: string): string {
  return languages.find(language => language.editor === editor)?.tags[0] ?? editor;
}

/** The editor's language for a fence whose tag this is. */
export function editorFor(language: Language | undefined, tag: string): string {
  return language?.editor ?? tag;
}

function shell(id: string, tags: readonly string[], editor: string): Language {
  return { id, kind: 'shell', tags, editor, comment: '#' };
}

function other(id: string, tags: readonly string[], editor: string, comment: string): Language {
  return { id, kind: 'other', tags, editor, comment };
}
