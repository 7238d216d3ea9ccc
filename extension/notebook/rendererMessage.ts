import type { RendererMessage, StepCommand } from '../renderer/messages';

/**
 * Whether what came from a webview is a message of ours. Other renderers share that webview, and what a cell printed
 * is shown there, so nothing is taken on trust.
 */
export function isRendererMessage(value: unknown): value is RendererMessage {
  if (!isRecord(value)) return false;
  switch (value.type) {
    case 'hello':
      return true;
    case 'rest':
      return isText(value.reader);
    case 'read':
      return isText(value.reader) && namesStep(value) && isCount(value.after);
    case 'input':
      return namesStep(value) && isText(value.data);
    case 'resize':
      return namesStep(value) && isSize(value.columns) && isSize(value.rows);
    case 'command':
      return namesStep(value) && isCommand(value.do);
    default:
      return false;
  }
}

function isCommand(value: unknown): value is StepCommand {
  if (!isRecord(value)) return false;
  switch (value.command) {
    case 'runAgain':
    case 'resume':
    case 'openOutput':
    case 'stop':
    case 'restartAgent':
    case 'showLog':
      return true;
    case 'copyOutput':
      return value.selection === undefined || isText(value.selection);
    case 'goToLine':
      return isCount(value.line) && value.line > 0;
    case 'openLink':
      return isText(value.url) && /^https?:\/\//i.test(value.url);
    default:
      return false;
  }
}

function namesStep(value: Record<string, unknown>): boolean {
  return isText(value.run) && isCount(value.step);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Of a terminal, in cells; the bounds keep a wrong layout from costing memory at the other end. */
function isSize(value: unknown): value is number {
  return isCount(value) && value > 0 && value <= 1000;
}
