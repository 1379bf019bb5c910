import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GitRunner } from "../../src/engine/ports.ts";

/** A folder of its own under the temporary one, by its real path. */
export function temporaryFolder(name: string): { readonly folder: string; readonly remove: () => void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `heirloom-${name}-`)));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A real repository whose commits have fixed authors and dates, one minute apart, so that the same steps give the same ids. */
export class TestRepository {
  readonly root: string;
  readonly #clock: { seconds: number };

  private constructor(root: string, clock: { seconds: number }) {
    this.root = root;
    this.#clock = clock;
  }

  /** `git init` in a folder that is made if it is missing; the branch is main. */
  static init(root: string, ...options: readonly string[]): TestRepository {
    mkdirSync(root, { recursive: true });
    const repository = new TestRepository(root, { seconds: Date.parse("2026-01-01T00:00:00Z") / 1000 });
    repository.git("init", "-q", "-b", "main", ...options);
    return repository;
  }

  /** Another work tree, clone or submodule that is there already; its commits go on with this one's clock. */
  at(root: string): TestRepository {
    return new TestRepository(root, this.#clock);
  }

  /** Runs git as a person would, and gives what it prints without the last line end. */
  git(...args: readonly string[]): string {
    return this.#run(args);
  }

  gitWith(input: string, ...args: readonly string[]): string {
    return this.#run(args, input);
  }

  #run(args: readonly string[], input?: string): string {
    this.#clock.seconds += 60;
    const date = `${this.#clock.seconds} +0000`;
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
    const env = {
      ...Object.fromEntries(kept),
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_EDITOR: "true",
      GIT_ALLOW_PROTOCOL: "file",
    };
    const output = execFileSync("git", args, {
      cwd: this.root,
      env,
      encoding: "utf8",
      input,
      stdio: "pipe",
      maxBuffer: 1 << 28,
    });
    return output.replace(/\n$/, "");
  }

  /** Writes a file of the work tree, with the folders above it. */
  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Writes a file, takes everything into a commit and gives its id. */
  commit(path: string, text = `${path} ${this.#clock.seconds}\n`, message = `change ${path}`): string {
    this.write(path, text);
    this.git("add", "-A");
    this.git("commit", "-q", "-m", message);
    return this.head();
  }

  head(): string {
    return this.git("rev-parse", "HEAD");
  }

  /** Adds `count` commits in one line to `branch` by git fast-import, and gives their ids, oldest first. */
  grow(branch: string, count: number): readonly string[] {
    const ref = `refs/heads/${branch}`;
    let stream = "";
    for (let index = 1; index <= count; index++) {
      const text = `${branch} ${index}\n`;
      const message = `import ${index}`;
      this.#clock.seconds += 60;
      stream += `commit ${ref}\nmark :${index}\ncommitter Ada <ada@example.com> ${this.#clock.seconds} +0000\n`;
      stream += `data ${message.length}\n${message}\n`;
      if (index === 1 && this.git("for-each-ref", ref) !== "") stream += `from ${ref}^0\n`;
      stream += `M 100644 inline grown/${branch}/${index % 100}.txt\ndata ${text.length}\n${text}\n`;
    }
    this.gitWith(stream, "fast-import", "--quiet");
    return this.git("rev-list", "--reverse", `--max-count=${count}`, ref).split("\n");
  }
}

/** Runs the same git, and writes down the command of every run. */
export function countingGit(git: GitRunner, commands: string[]): GitRunner {
  return {
    async run(args, options) {
      commands.push(args[0] ?? "");
      return await git.run(args, options);
    },
  };
}
