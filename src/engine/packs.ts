import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { type PackDefinition, PACKS_FILE, type PacksInput, type PacksResult } from "../contract/packs.ts";
import { emptyRowSet, type RowSet } from "../contract/rowSet.ts";
import { globMatcher } from "./code/globs.ts";
import type { IndexedFile } from "./code/indexedFile.ts";
import { readPacks, writePack } from "./code/packs/packFile.ts";
import { problemsOfPack } from "./code/packs/parsePacks.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { Projection } from "./seams.ts";

/** What a request is narrowed to. */
export interface PackScope {
  readonly name: string;
  /** Changes with what the pack says. */
  readonly key: string;
  /** Undefined where it says nothing of code. */
  readonly accepts: ((file: Pick<IndexedFile, "path" | "language">) => boolean) | undefined;
  /** Rows of memories that have one of its tags or an anchor among its files; undefined where it says nothing of either. */
  readonly rows: ((projection: Projection) => RowSet) | undefined;
}

/** Named scopes that a repository keeps in `.heirloom/packs.json`, read anew for each request: a checkout brings its own. */
export class Packs {
  readonly #lineage: Lineage;
  readonly #workspace: string;

  constructor(lineage: Lineage, workspace: string) {
    this.#lineage = lineage;
    this.#workspace = workspace;
  }

  /** Undefined where no pack is asked for. NOT_FOUND naming those that there are. */
  async scope(name: string | undefined, context: RequestContext): Promise<PackScope | undefined> {
    if (name === undefined) return undefined;
    const { packs, problems } = await readPacks(await this.#root(context));
    const definition = packs.get(name);
    if (definition !== undefined) return scopeOf(name, definition);
    const wrong = problems.find(({ pack }) => pack === name);
    if (wrong !== undefined)
      throw new HeirloomError(
        "INVALID_INPUT",
        `The context pack ${name} is not to be used: ${wrong.field} ${wrong.message}. Mend ${PACKS_FILE}.`,
      );
    const known = [...packs.keys()];
    throw new HeirloomError(
      "NOT_FOUND",
      known.length === 0
        ? `There is no context pack ${name}: ${PACKS_FILE} has none. Make one with context_packs or heirloom packs add.`
        : `There is no context pack ${name}. There are: ${known.join(", ")}.`,
      { packs: known },
    );
  }

  /** INVALID_INPUT, NOT_FOUND, FORBIDDEN_PATH. */
  async control({ action, name, ...definition }: PacksInput, context: RequestContext): Promise<PacksResult> {
    const root = await this.#root(context);
    if (action !== "list") {
      if (name === undefined)
        throw new HeirloomError("INVALID_INPUT", `Say which pack to ${action}: name.`, {
          fields: [{ field: "name", message: "is missing" }],
        });
      if (action === "remove") await this.scope(name, context);
      else refuseProblems(problemsOfPack(name, definition));
      await writePack(root, name, action === "remove" ? undefined : definition);
    }
    const { packs, problems } = await readPacks(root);
    return { file: PACKS_FILE, packs: [...packs].map(([one, fields]) => ({ name: one, ...fields })), problems };
  }

  async #root({ workspace = this.#workspace }: RequestContext): Promise<string> {
    return rootOf(await this.#lineage.place(workspace));
  }
}

function refuseProblems(problems: PacksResult["problems"]): void {
  if (problems.length === 0) return;
  const fields = problems.map(({ field, message }) => ({ field, message }));
  throw new HeirloomError("INVALID_INPUT", fields.map(({ field, message }) => `${field}: ${message}`).join("; "), {
    fields,
  });
}

function scopeOf(name: string, definition: PackDefinition): PackScope {
  const { include = [], exclude = [], languages = [], tags = [] } = definition;
  const included = include.map(globMatcher);
  const excluded = exclude.map(globMatcher);
  const spoken = new Set(languages.map((language) => language.toLowerCase()));
  const hasGlobs = included.length + excluded.length > 0;
  const acceptsPath = (path: string): boolean =>
    (included.length === 0 || included.some((matches) => matches(path))) && !excluded.some((matches) => matches(path));
  return {
    name,
    key: JSON.stringify([name, definition]),
    accepts:
      hasGlobs || spoken.size > 0
        ? ({ path, language }) => acceptsPath(path) && (spoken.size === 0 || spoken.has(language ?? ""))
        : undefined,
    rows:
      hasGlobs || tags.length > 0
        ? (projection) => memoriesOf(projection, tags, hasGlobs ? acceptsPath : undefined)
        : undefined,
  };
}

function memoriesOf(
  projection: Projection,
  tags: readonly string[],
  acceptsPath: ((path: string) => boolean) | undefined,
): RowSet {
  const rows = emptyRowSet(projection.rowLimit);
  const tagged = tags.length === 0 ? [] : projection.rowsWhere({ op: "in", ref: { field: "tags" }, values: tags });
  const anchored = acceptsPath === undefined ? [] : projection.anchoredWhere(acceptsPath);
  for (const set of [tagged, anchored]) for (const [word, bits] of set.entries()) rows[word] = (rows[word] ?? 0) | bits;
  return rows;
}
