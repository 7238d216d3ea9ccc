/** What is known of a program: how it tells its version and how to get it. */
export interface Tool {
  /** What the author of a runbook calls it, and the program's name. */
  readonly name: string;
  /** Other names the program goes by, the best first. */
  readonly alternatives?: readonly string[];
  /** Arguments that print the version and touch nothing else, no network either. */
  readonly version?: readonly string[];
  /** Its package where a manager calls it otherwise than {@link name}; `null` where it has none. */
  readonly packages?: Readonly<Partial<Record<PackageManager, string | null>>>;
  /** Where no package manager has it. */
  readonly site?: string;
}

/** Programs that install packages, as looked for on the PATH, the first one wins. */
export const packageManagers = {
  'apt-get': 'apt-get install',
  dnf: 'dnf install',
  apk: 'apk add',
  pacman: 'pacman -S',
  brew: 'brew install',
  winget: 'winget install',
} as const;
export type PackageManager = keyof typeof packageManagers;

const noPackage = { 'apt-get': null, dnf: null, apk: null, pacman: null } as const;

/** Tools that say their version in another way than most, or are packaged under another name. */
export const tools: readonly Tool[] = [
  { name: 'bash', packages: { winget: 'Git.Git' } },
  { name: 'zsh' },
  { name: 'fish' },
  {
    name: 'python3',
    alternatives: ['python'],
    packages: { pacman: 'python', brew: 'python', winget: 'Python.Python.3.13' },
  },
  {
    name: 'python',
    alternatives: ['python3'],
    packages: { 'apt-get': 'python3', dnf: 'python3', apk: 'python3' },
  },
  {
    name: 'node',
    packages: {
      'apt-get': 'nodejs',
      dnf: 'nodejs',
      apk: 'nodejs',
      pacman: 'nodejs',
      winget: 'OpenJS.NodeJS',
    },
  },
  { name: 'npm', packages: { dnf: 'nodejs-npm', brew: 'node', winget: 'OpenJS.NodeJS' } },
  { name: 'ruby', packages: { winget: 'RubyInstallerTeam.Ruby.3.4' } },
  { name: 'perl' },
  { name: 'php', packages: { 'apt-get': 'php-cli', dnf: 'php-cli' } },
  {
    name: 'lua',
    alternatives: ['lua5.4', 'lua5.3'],
    version: ['-v'],
    packages: { 'apt-get': 'lua5.4', apk: 'lua5.4' },
  },
  {
    name: 'go',
    version: ['version'],
    packages: { 'apt-get': 'golang-go', dnf: 'golang', winget: 'GoLang.Go' },
  },
  {
    name: 'Rscript',
    packages: { 'apt-get': 'r-base-core', dnf: 'R-core', apk: 'R', pacman: 'r', brew: 'r' },
  },
  {
    name: 'pwsh',
    packages: { ...noPackage, brew: 'powershell', winget: 'Microsoft.PowerShell' },
    site: 'https://aka.ms/powershell',
  },
  { name: 'tsx', packages: noPackage, site: 'npm install --global tsx' },
  {
    name: 'java',
    version: ['-version'],
    packages: {
      'apt-get': 'default-jre-headless',
      dnf: 'java-latest-openjdk-headless',
      apk: 'openjdk21-jre',
      pacman: 'jre-openjdk',
      brew: 'openjdk',
    },
  },
  { name: 'git', packages: { winget: 'Git.Git' } },
  { name: 'gh', packages: { pacman: 'github-cli', apk: 'github-cli', winget: 'GitHub.cli' } },
  { name: 'jq', packages: { winget: 'jqlang.jq' } },
  { name: 'yq', packages: { winget: 'MikeFarah.yq' } },
  { name: 'curl' },
  {
    name: 'rg',
    packages: { 'apt-get': 'ripgrep', dnf: 'ripgrep', apk: 'ripgrep', pacman: 'ripgrep', brew: 'ripgrep' },
  },
  {
    name: 'dig',
    version: ['-v'],
    packages: {
      'apt-get': 'bind9-dnsutils',
      dnf: 'bind-utils',
      apk: 'bind-tools',
      pacman: 'bind',
      brew: 'bind',
    },
  },
  {
    name: 'nc',
    packages: {
      'apt-get': 'netcat-openbsd',
      dnf: 'nmap-ncat',
      apk: 'netcat-openbsd',
      pacman: 'openbsd-netcat',
    },
  },
  {
    name: 'ssh',
    version: ['-V'],
    packages: {
      'apt-get': 'openssh-client',
      dnf: 'openssh-clients',
      apk: 'openssh-client',
      pacman: 'openssh',
    },
  },
  { name: 'openssl', version: ['version'] },
  {
    name: 'psql',
    packages: {
      'apt-get': 'postgresql-client',
      dnf: 'postgresql',
      apk: 'postgresql-client',
      pacman: 'postgresql-libs',
      brew: 'libpq',
    },
  },
  {
    name: 'mysql',
    packages: {
      'apt-get': 'default-mysql-client',
      apk: 'mysql-client',
      pacman: 'mariadb-clients',
      brew: 'mysql-client',
    },
  },
  {
    name: 'redis-cli',
    packages: { 'apt-get': 'redis-tools', dnf: 'redis', apk: 'redis', pacman: 'redis', brew: 'redis' },
  },
  { name: 'make' },
  {
    name: 'docker',
    packages: { 'apt-get': 'docker.io', dnf: 'moby-engine', winget: 'Docker.DockerDesktop' },
    site: 'https://docs.docker.com/engine/install',
  },
  { name: 'podman' },
  {
    name: 'kubectl',
    // Without --client it would ask the cluster.
    version: ['version', '--client'],
    packages: {
      'apt-get': 'kubernetes-client',
      dnf: 'kubernetes-client',
      brew: 'kubernetes-cli',
      winget: 'Kubernetes.kubectl',
    },
    site: 'https://kubernetes.io/docs/tasks/tools',
  },
  {
    name: 'helm',
    version: ['version', '--short'],
    packages: { 'apt-get': null, winget: 'Helm.Helm' },
    site: 'https://helm.sh/docs/intro/install',
  },
  {
    name: 'kustomize',
    version: ['version'],
    packages: { 'apt-get': null, dnf: null },
    site: 'https://kubectl.docs.kubernetes.io/installation',
  },
  { name: 'k9s', version: ['version', '--short'], packages: { 'apt-get': null }, site: 'https://k9scli.io' },
  {
    name: 'kind',
    version: ['version'],
    packages: { 'apt-get': null, dnf: null },
    site: 'https://kind.sigs.k8s.io',
  },
  {
    name: 'minikube',
    version: ['version', '--short'],
    packages: { 'apt-get': null, dnf: null },
    site: 'https://minikube.sigs.k8s.io',
  },
  { name: 'istioctl', version: ['version', '--remote=false'], packages: noPackage, site: 'https://istio.io' },
  {
    name: 'terraform',
    version: ['version'],
    packages: { ...noPackage, brew: 'hashicorp/tap/terraform', winget: 'Hashicorp.Terraform' },
    site: 'https://developer.hashicorp.com/terraform/install',
  },
  {
    name: 'tofu',
    version: ['version'],
    packages: {
      'apt-get': null,
      dnf: 'opentofu',
      apk: 'opentofu',
      pacman: 'opentofu',
      brew: 'opentofu',
      winget: 'OpenTofu.Tofu',
    },
    site: 'https://opentofu.org/docs/intro/install',
  },
  {
    name: 'vault',
    version: ['version'],
    packages: { ...noPackage, brew: 'hashicorp/tap/vault', pacman: 'vault' },
    site: 'https://developer.hashicorp.com/vault/install',
  },
  { name: 'ansible', packages: { 'apt-get': 'ansible-core', dnf: 'ansible-core' } },
  {
    name: 'aws',
    packages: {
      'apt-get': 'awscli',
      dnf: 'awscli2',
      apk: 'aws-cli',
      pacman: 'aws-cli-v2',
      brew: 'awscli',
      winget: 'Amazon.AWSCLI',
    },
  },
  {
    name: 'gcloud',
    version: ['version'],
    packages: { ...noPackage, brew: 'google-cloud-sdk', winget: 'Google.CloudSDK' },
    site: 'https://cloud.google.com/sdk/docs/install',
  },
  {
    name: 'az',
    version: ['version'],
    packages: {
      'apt-get': null,
      dnf: 'azure-cli',
      pacman: 'azure-cli',
      brew: 'azure-cli',
      winget: 'Microsoft.AzureCLI',
    },
    site: 'https://learn.microsoft.com/cli/azure/install-azure-cli',
  },
];

/** The entry of a program, or one that says what holds for most. */
export function toolOf(name: string): Tool {
  return byName.get(name) ?? { name, packages: unknownPackages };
}

const byName: ReadonlyMap<string, Tool> = new Map(tools.map(tool => [tool.name, tool]));
/** Nobody is told to install a package that may not be there. */
const unknownPackages = { ...noPackage, brew: null, winget: null } as const;
