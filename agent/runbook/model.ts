/**
 * The model of a runbook: what parsing a Markdown file yields. Plain data, no Node, no VS Code.
 *
 * Offsets are UTF-16 code units into {@link Runbook.source}, from 0. Lines and columns count from 1.
 */

/** A half-open range of offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place a person can go to. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something in the file that is wrong or doubtful. `message` says what, `hint` what to do about it. */
export interface Diagnostic extends Position {
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable, kebab-case: `duplicate-name`, `unclosed-quote`, `front-matter-syntax`, … */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly span: Span;
  /** Names of the cells that cannot run because of it; absent where it concerns no cell's running. */
  readonly cells?: readonly string[];
}

/** A diagnostic with its file (absolute path), where several are looked at. */
export interface FiledDiagnostic extends Diagnostic {
  readonly file: string;
}

/** A heading and the part of the file below it, up to the next heading of its level or above. */
export interface Section extends Position {
  readonly title: string;
  /** As GitHub makes it: `restart-the-api`, with `-1`, `-2` … on repetition. */
  readonly slug: string;
  /** 1 to 6. */
  readonly level: number;
  /** Titles of the sections around it, outermost first, its own last. */
  readonly path: readonly string[];
  readonly span: Span;
}

/** One attribute as it stands in an info string. A bare flag has the value `true`. */
export interface Attribute {
  /** Canonical name; aliases are resolved (`id` → `name`). */
  readonly key: string;
  /** The key as written. */
  readonly written: string;
  readonly value: string | true;
  /** The whole `key=value` in the source. */
  readonly span: Span;
}

/** A fenced block that can run. */
export interface Cell extends Position {
  /** Position among the runbook's cells, from 0. */
  readonly index: number;
  /** Unique within the file; given by the author or generated from heading and first command. */
  readonly name: string;
  /** Whether the author gave the name. */
  readonly named: boolean;
  /** The table's id of the language: `bash` also where the fence says `shell`. */
  readonly language: string;
  /** The first word of the info string as written. */
  readonly tag: string;
  /** What runs: the fence's content without container prefixes, lines ended by LF, the last one too. */
  readonly text: string;
  /** `console` where prompts mark the commands: {@link text} then holds the commands only. */
  readonly form: 'plain' | 'console';
  readonly attributes: readonly Attribute[];
  /** Titles of the headings it stands below, outermost first. */
  readonly section: readonly string[];
  /** The whole block, fences included, from the fence's first character. */
  readonly span: Span;
  /** Line of the first line of its content. */
  readonly contentLine: number;
  /** Expected output, if the document shows one. */
  readonly expected?: ExpectedOutput;
}

/** What a cell should print, for `handrail test`. */
export interface ExpectedOutput {
  readonly text: string;
  readonly line: number;
  readonly compare:
    | { readonly by: 'text' }
    | { readonly by: 'similarity'; readonly atLeast: number }
    | { readonly by: 'regex'; readonly pattern: string }
    | { readonly by: 'json' };
}

/** Front matter as parsed: the keys of design §4 typed elsewhere; here the raw values and where each stands. */
export interface FrontMatter {
  readonly format: 'yaml' | 'toml' | 'json';
  readonly span: Span;
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether it has a key that only Handrail knows, so that the author means it for Handrail. */
  readonly handrail: boolean;
}

/** A `- [ ]` item: a manual step. */
export interface ChecklistItem extends Position {
  readonly text: string;
  readonly checked: boolean;
}

/** A Markdown file, understood. */
export interface Runbook {
  readonly source: string;
  readonly title: string | undefined;
  readonly frontMatter: FrontMatter | undefined;
  readonly sections: readonly Section[];
  readonly cells: readonly Cell[];
  readonly checklist: readonly ChecklistItem[];
  readonly diagnostics: readonly Diagnostic[];
}
