import type { EditMark, SessionEvent } from "../contract/hooks.ts";
import { readEditChanges } from "./capture/editChange.ts";
import { beforeEdit, fileNow, linesOfEdit, markOf } from "./capture/editMark.ts";
import { type OpenEdit, openEdits, undoneIn } from "./capture/undoneEdits.ts";
import { openWorkspaceFiles } from "./capture/workspaceFiles.ts";
import { innermost } from "./changedSymbols.ts";
import { qualifiedName } from "./code/qualifiedName.ts";
import type { SessionLogs } from "./operations/sessionLogs.ts";
import { type HookCall, insidePaths, type SessionHooksParts } from "./sessionCall.ts";

/** A longer file is not looked after, in bytes. */
const LONGEST_FILE = 524_288;
/** Files that are looked at for one event. */
const MOST_FILES = 20;

/** Notices which edits of an agent are undone again, and by whom. Of a file it keeps digests, and an excerpt of what changed without secrets. */
export class SessionUndoing {
  readonly #parts: SessionHooksParts;
  readonly #logs: SessionLogs;

  constructor(parts: SessionHooksParts, logs: SessionLogs) {
    this.#parts = parts;
    this.#logs = logs;
  }

  /** What an edit that was just made did to a file; undefined where it is not to be told. */
  async mark(call: HookCall, path: string): Promise<EditMark | undefined> {
    if (!this.#parts.negativeMemory) return undefined;
    const changes = readEditChanges(call.input).filter((change) => insidePaths([change.path], call)[0] === path);
    const text = changes.length === 0 ? undefined : await textOf(call, path);
    const edited = text === undefined ? undefined : beforeEdit(text, changes);
    if (edited === undefined) return undefined;
    const lines = linesOfEdit(edited);
    const texts = [lines.out.join("\n"), lines.in.join("\n")];
    const [was = "", became = ""] = await this.#parts.redact(texts, call.root);
    const head = headOf(call);
    const symbol = this.#symbolOf(call, path, edited.lines);
    return {
      ...markOf(this.#parts.newId(), edited, call.sessionId, { was, became }),
      ...(head === undefined ? {} : { head }),
      ...(symbol === undefined ? {} : { symbol }),
    };
  }

  /**
   * Writes down which edits are undone by now, and tells whether there are any. `by`: the agent, when it has just done something; a person, when it has not since it was asked
   * last. What is put on a stash, or edited in another session too, is nobody's undoing.
   */
  async settle(call: HookCall, by: "agent" | "person"): Promise<boolean> {
    if (!this.#parts.negativeMemory) return false;
    const { events } = await this.#logs.read(call.sessionId);
    const open = openEdits(events, headOf(call));
    const paths = [...new Set(open.map(({ path }) => path))].slice(-MOST_FILES);
    const found: SessionEvent[] = [];
    for (const path of paths) {
      const text = await textOf(call, path);
      if (text === undefined) continue;
      const undone = undoneIn(
        open.filter((edit) => edit.path === path),
        fileNow(text, call.sessionId),
      );
      if (undone.length === 0) continue;
      const who = (await this.#mayBeAnother(call, path, undone)) ? "unknown" : by;
      const edits = undone.map(({ mark }) => mark.id);
      found.push({ type: "undone", at: this.#parts.clock.now(), path, edits, by: who });
    }
    await this.#logs.append(call.sessionId, found);
    return found.length > 0;
  }

  async #mayBeAnother(call: HookCall, path: string, undone: readonly OpenEdit[]): Promise<boolean> {
    const since = Math.min(...undone.map(({ at }) => at));
    const { commonDir } = call.place.repository ?? {};
    const stashed =
      commonDir === undefined ? undefined : this.#parts.files.modifiedSync(`${commonDir}/logs/refs/stash`);
    // Times of files and of this clock may differ by a little.
    if (stashed !== undefined && stashed > since - 1_000) return true;
    return this.#logs.editedElsewhere(call.sessionId, path, since);
  }

  #symbolOf(
    { root }: HookCall,
    path: string,
    lines: readonly { readonly start: number; readonly end: number }[],
  ): string | undefined {
    const symbols = this.#parts.symbolsOf(root, path);
    if (symbols === undefined) return undefined;
    const names = new Set(
      lines.map((range) => {
        const symbol = innermost(symbols, range);
        return symbol === undefined ? undefined : qualifiedName(symbol);
      }),
    );
    return names.size === 1 ? [...names][0] : undefined;
  }
}

/** Where the edits were committed HEAD is at another commit, or on another branch that never had them. */
function headOf({ place: { repository } }: HookCall): string | undefined {
  return repository === undefined ? undefined : `${repository.branch ?? ""} ${repository.head ?? ""}`;
}

async function textOf({ root }: HookCall, path: string): Promise<string | undefined> {
  const read = await openWorkspaceFiles(root).read(path, LONGEST_FILE);
  return "refused" in read ? undefined : Buffer.from(read.bytes).toString("utf8");
}
