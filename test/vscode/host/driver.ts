import { driverVariable, type Report, type SuiteState } from '../protocol';

/** Tells the driver outside what happened. */
export async function report(what: Report): Promise<void> {
  await call('report', what);
}

export async function suiteState(): Promise<SuiteState> {
  return (await call('state')) as SuiteState;
}

/** Keeps values over a reload of the window; {@link suiteState} has them under `kept`. */
export async function keep(values: Record<string, unknown>): Promise<void> {
  await call('keep', values);
}

/** Asks the driver; `undefined` as body only asks. */
export async function call(path: string, body?: unknown): Promise<unknown> {
  const driver = process.env[driverVariable];
  if (!driver) throw new Error(`${driverVariable} is not set: this suite is run by npm run test:vscode.`);
  const response = await fetch(
    `${driver}/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  const answer = (await response.json()) as { result?: unknown; error?: string };
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.result;
}
