import type { RunRequest } from '../../../agent/engine/types';

/** A request for the whole of `text`, in a session of its own, with nobody looking on. */
export function sampleRequest(text: string, change: Partial<RunRequest> = {}): RunRequest {
  return {
    file: '/books/deploy.runbook.md',
    text,
    selection: { kind: 'all' },
    environment: { env: { PATH: process.env.PATH ?? '' }, cwd: '/', umask: 0o022, user: 'ana' },
    by: 'cli',
    session: 'own',
    attended: false,
    ...change,
  };
}

/** Markdown of shell cells: `name attributes` → text. */
export function cells(texts: Readonly<Record<string, string>>): string {
  const fences = Object.entries(texts).map(([head, text]) => {
    const [name, ...attributes] = head.split(' ');
    return `\`\`\`bash {${[`name=${name}`, ...attributes].join(' ')}}\n${text}\n\`\`\`\n`;
  });
  return fences.join('\n');
}
