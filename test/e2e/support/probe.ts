import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** What the probe extension of one window says about itself. */
interface Registration {
  readonly pid: number;
  readonly folders: readonly string[];
  readonly socket: string;
}

/** Milliseconds. */
export interface ActivationTimes {
  readonly load: number;
  readonly activate: number;
  /** What it goes on with in the two seconds after that; where a profile was asked for. */
  readonly later?: number;
}

/** The inside of one window's extension host: see probe/extension.mjs. */
export class Probe {
  /** Of the extension host. */
  readonly pid: number;
  readonly #socket: string;

  private constructor({ pid, socket }: Registration) {
    this.pid = pid;
    this.#socket = socket;
  }

  /** Waits for the extension host that shows `folder`, other than those in `not`. */
  static async of(probes: string, folder: string, not: readonly number[] = []): Promise<Probe> {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      const found = registrations(probes).find(({ pid, folders }) => folders.includes(folder) && !not.includes(pid));
      if (found !== undefined) return new Probe(found);
      await setTimeout(50);
    }
    throw new Error(`No extension host came for ${folder}`);
  }

  /** Names, as language models are given them. */
  async tools(): Promise<readonly { readonly name: string; readonly tags: readonly string[] }[]> {
    return (await this.#ask({ ask: "tools" })) as readonly { name: string; tags: readonly string[] }[];
  }

  /** Calls a tool as an agent in VS Code does; the texts of its answer. */
  async invoke(name: string, input: object): Promise<readonly string[]> {
    return (await this.#ask({ ask: "invoke", name, input })) as readonly string[];
  }

  async command(command: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#ask({ ask: "command", command, arguments: args });
  }

  async commands(): Promise<readonly string[]> {
    return (await this.#ask({ ask: "commands" })) as readonly string[];
  }

  /** Names of the outermost symbols of a file, as its language finds them. */
  async symbols(uri: string): Promise<readonly string[]> {
    return (await this.#ask({ ask: "symbols", uri })) as readonly string[];
  }

  async extension(id: string): Promise<{ readonly active: boolean; readonly path: string } | null> {
    return (await this.#ask({ ask: "extension", id })) as { active: boolean; path: string } | null;
  }

  /** Writes a setting of the user. */
  async setting(name: string, value: unknown): Promise<void> {
    await this.#ask({ ask: "setting", name, value });
  }

  /** For how long Heirloom held up the extension host; where a file `activation` beside the probes asked for it when the window opened. */
  async activation(): Promise<ActivationTimes> {
    return (await this.#ask({ ask: "activation" })) as ActivationTimes;
  }

  async trusted(): Promise<boolean> {
    return (await this.#ask({ ask: "trusted" })) as boolean;
  }

  async #ask(question: object): Promise<unknown> {
    const text = await new Promise<string>((resolve, reject) => {
      const asked = request({ socketPath: this.#socket, method: "POST" }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (part: string) => (body += part));
        response.once("end", () => resolve(body));
      });
      asked.once("error", reject).end(JSON.stringify(question));
    });
    const answer = JSON.parse(text) as { readonly result?: unknown; readonly error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  }
}

function registrations(probes: string): readonly Registration[] {
  try {
    const files = readdirSync(probes).filter((name) => name.endsWith(".json"));
    return files.map((name) => JSON.parse(readFileSync(join(probes, name), "utf8")) as Registration);
  } catch {
    // Nobody has come yet, or one is just writing.
    return [];
  }
}
