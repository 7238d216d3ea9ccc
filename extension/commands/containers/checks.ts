import { splitCommand } from './splitCommand';

// What is wrong with what a person types; undefined: nothing.

/** What engines take as a name of a container. */
export function checkName(text: string): string | undefined {
  return text === '' || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(text)
    ? undefined
    : 'At least two letters, digits, _ . or -, the first a letter or digit.';
}

/** `8080:80 127.0.0.1:8443:443/tcp`. */
export function checkPorts(text: string): string | undefined {
  const wrong = text
    .split(/[\s,]+/)
    .find(
      port =>
        port !== '' &&
        !/^((\[[\da-f:]+\]|\d+(\.\d+){3}):)?(\d{1,5}:)?\d{1,5}(\/(tcp|udp|sctp))?$/i.test(port),
    );
  return wrong === undefined ? undefined : `${wrong} is no port: 8080:80, 127.0.0.1:8080:80/tcp`;
}

/** Whether a command line can be taken apart. */
export function checkCommand(text: string): string | undefined {
  try {
    splitCommand(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
