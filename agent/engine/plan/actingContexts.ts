import { dirname, resolve } from 'node:path';
import { identityKinds } from '../../identity/identityKinds';
import type { ReadIdentity } from '../../identity/readIdentity';
import { commandsRun, type DraftStep } from './draft';

/** Variables and a folder. */
interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * Tells of each step the contexts of clusters and the profiles of AWS that it acts on, by all that says so: the current
 * one, what its attributes, its own commands and those of the steps before it set. None where it names no tool for them.
 */
export function actingContexts(
  steps: readonly DraftStep[],
  surroundings: Surroundings,
  read: ReadIdentity,
): (step: DraftStep) => string[] {
  const texts = new Map<number, readonly string[]>();
  const textsOf = (step: DraftStep): readonly string[] => {
    const known = texts.get(step.index) ?? commandsRun(step);
    texts.set(step.index, known);
    return known;
  };
  const told = new Map<string, readonly string[]>();
  const namesOf = (step: DraftStep, key: 'set' | 'chosen', kind: string): readonly string[] => {
    const id = `${step.index} ${key} ${kind}`;
    const known = told.get(id) ?? namesIn(textsOf(step), ways[kind]?.[key]);
    told.set(id, known);
    return known;
  };
  return step => {
    const sofar = steps.filter(({ index }) => index <= step.index);
    const found = identityKinds(textsOf(step)).flatMap(kind => {
      const way = ways[kind];
      if (way === undefined) return [];
      const set = sofar.flatMap(one => namesOf(one, 'set', kind));
      const places = [...namesIn(textsOf(step), way.given), ...set];
      return [
        ...currentOf(step, kind, way, places, surroundings, read),
        ...namesIn(textsOf(step), way.named),
        ...sofar.flatMap(one => namesOf(one, 'chosen', kind)),
      ];
    });
    return [...new Set(found)];
  };
}

/** What is current for a step, and what would be with each of the variable's values. */
function currentOf(
  { options, book }: DraftStep,
  kind: string,
  { variable, value }: Way,
  places: readonly string[],
  { env, cwd }: Surroundings,
  read: ReadIdentity,
): string[] {
  const folder = options.cwd === undefined ? cwd : resolve(dirname(book.file), options.cwd);
  const own = { ...env, ...options.env };
  const home = env['HOME'] ?? '~';
  const worlds = [own, ...places.map(place => ({ ...own, [variable]: place.replace(/^~(?=\/)/, home) }))];
  return worlds.flatMap(world => read(world, folder, [kind])).flatMap(({ values }) => values[value] ?? []);
}

/** How one kind of identity is told where to act. Each pattern has the name as its group `name`. */
interface Way {
  /** The variable that says where the configuration is, or which part of it counts. */
  readonly variable: string;
  /** What of the identity patterns are compared with. */
  readonly value: string;
  /** An option that does what the variable does. */
  readonly given: RegExp;
  /** The variable is set in a command. */
  readonly set: RegExp;
  /** An option that names a context. */
  readonly named: RegExp;
  /** A command that makes a context the current one. */
  readonly chosen: RegExp;
}

const name = String.raw`["']?(?<name>[\w.@:/~+-]+)`;

/** `KUBECONFIG=x`, fish's `set -x KUBECONFIG x`, `os.environ["KUBECONFIG"] = "x"`. */
function setting(variable: string): RegExp {
  return new RegExp(
    String.raw`(?:\b${variable}["'\]]*[^\S\n]*=[^\S\n]*|\bset[^\S\n]+-\w+[^\S\n]+${variable}[^\S\n]+)${name}`,
    'g',
  );
}

function option(names: string): RegExp {
  return new RegExp(String.raw`--(?:${names})(?:=|\s+)${name}`, 'g');
}

const ways: Readonly<Record<string, Way>> = {
  kube: {
    variable: 'KUBECONFIG',
    value: 'context',
    given: option('kubeconfig'),
    set: setting('KUBECONFIG'),
    named: option('(?:kube-)?context'),
    chosen: new RegExp(String.raw`\b(?:use-context|kubectx)\s+${name}`, 'g'),
  },
  aws: {
    variable: 'AWS_PROFILE',
    value: 'profile',
    given: option('profile'),
    set: setting('AWS_(?:DEFAULT_)?PROFILE'),
    named: option('profile'),
    chosen: setting('AWS_(?:DEFAULT_)?PROFILE'),
  },
};

function namesIn(texts: readonly string[], pattern: RegExp | undefined): string[] {
  if (pattern === undefined) return [];
  return texts.flatMap(text => [...text.matchAll(pattern)].map(({ groups }) => groups?.['name'] ?? ''));
}
