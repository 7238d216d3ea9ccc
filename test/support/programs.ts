import { findOnPath } from './command';
import { installDebianPackages } from './debianPackages';
import type { RealSystem } from './realSystem';

export const git = program('git');
export const zsh = program('zsh');
export const fish = program('fish');
export const dash = program('dash');
export const nginx = program('nginx', 'nginx-light');
export const dnsmasq = program('dnsmasq', 'dnsmasq-base');
export const prometheusServer = program('prometheus');
export const alertmanagerServer = program('prometheus-alertmanager');
export const ping = program('ping', 'iputils-ping');

/** A program of a Debian package. It is used as it is, or started by the test that needs it. */
function program(name: string, debian = name): RealSystem {
  return { name, find: () => findOnPath(name), install: () => installDebianPackages(name, [debian]) };
}
