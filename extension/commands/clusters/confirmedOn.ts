import { HandrailError } from '../../../agent/protocol/errors';
import { askText } from '../../quickInput';

/**
 * Asks for something; where the context is production, the person types its name first. Undefined where they do not.
 */
export async function confirmedOn<T>(
  ask: (confirmed: string | undefined) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask(undefined);
  } catch (error) {
    if (!(error instanceof HandrailError) || error.code !== 'needsAnswer') throw error;
    const { type: name } = error.details;
    if (typeof name !== 'string') throw error;
    const typed = await askText({
      title: error.message,
      prompt: `Type the name of the context to go on: ${name}`,
      ignoreFocusOut: true,
      validateInput: text => (text === name ? undefined : `Its name is ${name}`),
    });
    return typed === name ? ask(typed) : undefined;
  }
}
