import { isPlainValue, isSecretName } from "./plainValue.ts";

/** A value of the workspace's .env files that no memory may hold. */
export interface EnvSecret {
  readonly name: string;
  readonly value: string;
}

export interface EnvFiles {
  /** Text of a file, or undefined when there is none. */
  readonly readWorkspaceFile: (absolutePath: string) => Promise<string | undefined>;
  /** Names in a folder; empty when it is missing. */
  readonly listWorkspaceFolder: (absolutePath: string) => Promise<readonly string[]>;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/** How long what was read is trusted: a value that is added is known a second later at most. */
const TRUSTED_MS = 1_000;
const SHORTEST = 8;

/** The secrets in a workspace's .env files, read again when more than a second has passed. */
export function createEnvSecrets(files: EnvFiles): (workspace: string) => Promise<readonly EnvSecret[]> {
  const known = new Map<string, { readonly until: number; readonly secrets: Promise<readonly EnvSecret[]> }>();
  return (workspace) => {
    const now = files.monotonic();
    const entry = known.get(workspace);
    if (entry !== undefined && entry.until > now) return entry.secrets;
    const secrets = readSecrets(files, workspace);
    // A failed read is not remembered: the next capture tries again rather than storing what it could not check.
    secrets.catch(() => known.delete(workspace));
    if (known.size >= 64) known.clear();
    known.set(workspace, { until: now + TRUSTED_MS, secrets });
    return secrets;
  };
}

async function readSecrets(files: EnvFiles, workspace: string): Promise<readonly EnvSecret[]> {
  const root = workspace.replace(/[\\/]+$/u, "");
  const names = (await files.listWorkspaceFolder(workspace)).filter(isEnvFile).sort();
  const texts = await Promise.all(names.map((name) => files.readWorkspaceFile(`${root}/${name}`)));
  const byValue = new Map<string, EnvSecret>();
  for (const text of texts) {
    for (const { name, value } of parseEnv(text ?? "")) {
      for (const secret of secretsOf(name, value)) if (!byValue.has(secret.value)) byValue.set(secret.value, secret);
    }
  }
  // The longest first, so that of two that overlap the whole one is replaced.
  return [...byValue.values()].sort((a, b) => b.value.length - a.value.length);
}

/** `.env` and `.env.*`, without the templates that hold no real values. */
export const isEnvFile = (name: string): boolean =>
  /^\.env(?:\..+)?$/u.test(name) && !/\.(?:example|sample|template|dist|defaults?)$/u.test(name);

/** The value itself, and the password of an address, unless texts hold it anyway. A value of several lines also counts line by line. */
function secretsOf(name: string, value: string): readonly EnvSecret[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*?:([^\s]*)@/iu.exec(value)?.[1];
  const candidates = [
    value,
    ...(value.includes("\n") ? value.split("\n") : []),
    ...(password === undefined ? [] : [password]),
  ];
  return candidates
    .map((candidate) => candidate.trim())
    .filter(
      (candidate) =>
        candidate.length >= SHORTEST && !candidate.startsWith("-----") && !isPlainValue(candidate, isSecretName(name)),
    )
    .map((candidate) => ({ name: name.slice(0, 64), value: candidate.normalize("NFC") }));
}

/** NAME=value lines as dotenv reads them: `export`, quotes of three kinds that may span lines, comments. What is no such line is passed over. */
export function parseEnv(text: string): readonly { readonly name: string; readonly value: string }[] {
  const found: { readonly name: string; readonly value: string }[] = [];
  for (const match of text.replace(/\r\n?/gu, "\n").matchAll(LINE)) {
    const [, name = "", raw = ""] = match;
    const quote = raw.charAt(0);
    const quoted = quote === '"' || quote === "'" || quote === "`";
    const inner = quoted ? raw.slice(1, -1) : raw.trim();
    found.push({ name, value: quote === '"' ? inner.replace(/\\n/gu, "\n") : inner });
  }
  return found;
}

const LINE =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*("(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\n#]*(?:(?<=\S)#[^\n#]*)*)/gmu;
