import type { ContainerRow, ImageRow, NetworkRow, VolumeRow } from '../../../agent/protocol/containers';
import { sayTime } from '../../../agent/protocol/words';
import { escapeMarkdown as text } from '../../commands/markdownText';
import { stateText } from './containerWords';
import { isDated, shortId } from './objectWords';
import { ageText, sizeText } from './measures';
import { curve } from './sparkline';
import type { Usage } from './statsHistory';

// Tooltips as Markdown. Whatever comes from an engine is escaped: nothing of it becomes a link or a picture.

/** Lines of plain text, each kept as one. */
export function plainTooltip(lines: readonly string[]): string {
  return lines.map(line => (line === '' ? '' : `${text(line)}  `)).join('\n');
}

export function containerTooltip(row: ContainerRow, usage: Usage | undefined, now: number): string {
  const health = row.health === undefined ? [] : [`health: ${row.health}`];
  return [
    `**${text(row.name)}** · ${text([stateText(row, now), ...health].join(' · '))}`,
    usage === undefined ? '' : usageTable(usage),
    table([
      ['image', row.image],
      ['command', row.command],
      ['id', shortId(row.id)],
      ['created', `${sayTime(row.createdAt)} (${ageText(now - row.createdAt)} ago)`],
      [
        'project',
        row.project === undefined ? undefined : [row.project, row.service].filter(Boolean).join(' / '),
      ],
      ['ports', row.ports.map(portWords).join(', ')],
      ['restarts', row.restarts === undefined || row.restarts === 0 ? undefined : String(row.restarts)],
    ]),
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

export function imageTooltip(row: ImageRow, users: readonly string[], now: number): string {
  return named(row.tags[0] ?? 'dangling image', [
    ['tags', row.tags.join(', ')],
    ['id', shortId(row.id)],
    ['size', sizeText(row.size)],
    ['created', isDated(row) ? `${sayTime(row.createdAt)} (${ageText(now - row.createdAt)} ago)` : undefined],
    ['used by', users.join(', ')],
  ]);
}

export function volumeTooltip(row: VolumeRow, users: readonly string[]): string {
  return named(row.id, [
    ['driver', row.driver],
    ['at', row.mountpoint],
    ['project', row.project],
    ['created', row.createdAt === undefined ? undefined : sayTime(row.createdAt)],
    ['used by', users.join(', ')],
  ]);
}

export function networkTooltip(row: NetworkRow, users: readonly string[]): string {
  return named(row.name, [
    ['driver', `${row.driver} (${row.scope})`],
    ['subnets', row.subnets.join(', ')],
    ['project', row.project],
    ['id', shortId(row.id)],
    ['used by', users.join(', ')],
  ]);
}

type Fact = readonly [string, string | undefined];

function named(name: string, facts: readonly Fact[]): string {
  return `**${text(name)}**\n\n${table(facts)}`;
}

/** The longest fact that a tooltip shows. */
const longest = 300;

function table(facts: readonly Fact[]): string {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  if (known.length === 0) return '';
  const rows = known.map(([name, value = '']) => `| ${text(name)} | ${text(cut(value))} |`);
  return ['| | |', '|:--|:--|', ...rows].join('\n');
}

function cut(value: string): string {
  return value.length > longest ? `${value.slice(0, longest)}…` : value;
}

function portWords({
  ip,
  public: outside,
  private: inside,
  protocol,
}: ContainerRow['ports'][number]): string {
  const within = `${String(inside)}/${protocol}`;
  if (outside === undefined) return within;
  const host = ip === undefined ? '' : `${ip.includes(':') ? `[${ip}]` : ip}:`;
  return `${host}${String(outside)}→${within}`;
}

function usageTable({ latest, cpu, memory, network, disk }: Usage): string {
  const rate = (values: readonly number[]) => `${sizeText(values.at(-1) ?? 0)}/s`;
  const limit = latest.memoryLimit > 0 ? ` of ${sizeText(latest.memoryLimit)}` : '';
  return [
    '| | | |',
    '|:--|:--|:--|',
    `| CPU | ${latest.cpu.toFixed(1)} % | ${curve('CPU', cpu)} |`,
    `| memory | ${sizeText(latest.memory)}${limit} | ${curve('memory', memory)} |`,
    `| network | ${rate(network)} | ${curve('network', network)} |`,
    `| disk | ${rate(disk)} | ${curve('disk', disk)} |`,
  ].join('\n');
}
