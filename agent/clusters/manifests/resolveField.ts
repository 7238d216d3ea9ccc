/** A key of an object, or an index of a list. */
export type Step = string | number;

/**
 * The steps to a field as API servers name it: `.spec.ports[port=80,protocol="TCP"].name`, `spec.containers[0].image`,
 * `.metadata.finalizers[="a"]`. Keys have dots too, so they are looked for in the object. Where it has no such field,
 * `isWhole` is false and the steps lead to what is around it.
 */
export function resolveField(object: unknown, field: string): { steps: Step[]; isWhole: boolean } {
  const steps: Step[] = [];
  let rest = field;
  let value = object;
  while (rest !== '' && rest !== '.') {
    const found = rest.startsWith('[') ? itemStep(value, rest) : keyStep(value, rest);
    if (found === undefined) return { steps, isWhole: false };
    steps.push(found.step);
    value = (value as Record<Step, unknown>)[found.step];
    rest = found.rest;
  }
  return { steps, isWhole: true };
}

/** What steps lead to. */
export function valueAt(object: unknown, steps: readonly Step[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (isThing(value) ? (value as Record<Step, unknown>)[step] : undefined),
    object,
  );
}

/** Takes away what steps lead to, of a copy that may be changed. */
export function removeAt(object: unknown, steps: readonly Step[]): void {
  const last = steps.at(-1);
  const around = valueAt(object, steps.slice(0, -1));
  if (last === undefined || !isThing(around)) return;
  if (Array.isArray(around)) around.splice(Number(last), 1);
  else Reflect.deleteProperty(around, last);
}

function isThing(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

interface Found {
  readonly step: Step;
  readonly rest: string;
}

/** The longest key that fits: one may be the beginning of another. */
function keyStep(value: unknown, text: string): Found | undefined {
  if (!isThing(value) || Array.isArray(value)) return undefined;
  const rest = text.replace(/^\./, '');
  const fits = Object.keys(value)
    .filter(key => rest.startsWith(key) && ['', '.', '['].includes(rest.charAt(key.length)))
    .sort((a, b) => b.length - a.length);
  const [step] = fits;
  return step === undefined ? undefined : { step, rest: rest.slice(step.length) };
}

function itemStep(value: unknown, text: string): Found | undefined {
  const [whole = '', inner = ''] = /^\[((?:"(?:\\.|[^"\\])*"|[^\]"])*)\]/.exec(text) ?? [];
  if (!Array.isArray(value) || whole === '') return undefined;
  const items = value as readonly unknown[];
  const step = /^\d+$/.test(inner) ? Number(inner) : items.findIndex(item => fits(item, inner));
  return step < 0 || step >= items.length ? undefined : { step, rest: text.slice(whole.length) };
}

/** `name="main"`, `containerPort=80,protocol="TCP"`, or `="value"` of a set. */
function fits(item: unknown, keys: string): boolean {
  const pairs = [...keys.matchAll(/([^=,"]*)=("(?:\\.|[^"\\])*"|[^,]*)/g)];
  return (
    pairs.length > 0 &&
    pairs.every(([, key = '', wanted = '']) => {
      const own: unknown = key === '' ? item : valueAt(item, [key]);
      // Servers fill in TCP where a manifest says nothing.
      return (
        JSON.stringify(own) === wanted || (own === undefined && key === 'protocol' && wanted === '"TCP"')
      );
    })
  );
}
