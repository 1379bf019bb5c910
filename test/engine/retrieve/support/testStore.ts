import { MEASURED } from "../../../../src/engine/retrieve/weights.ts";
import type { JournalEvent } from "../../../../src/contract/events.ts";
import { defaultSettings } from "../../../../src/contract/settings.ts";
import type { Memory } from "../../../../src/contract/memory.ts";
import { createTextIndex } from "../../../../src/engine/indexing/textIndex.ts";
import { Deadline } from "../../../../src/engine/retrieve/deadline.ts";
import { PlanStatistics } from "../../../../src/engine/retrieve/planStatistics.ts";
import type { SearchRequest } from "../../../../src/engine/retrieve/searchStores.ts";
import type { SearchStore } from "../../../../src/engine/retrieve/storePlan.ts";
import type { LineageView, TextDocument } from "../../../../src/engine/seams.ts";
import { openProjection } from "../../../../src/engine/store/openProjection.ts";
import { loadSql } from "../../../../src/engine/store/sqlEngine.ts";

const sql = await loadSql();

/** The real projection and text index of one store, without journal and files. */
export class TestStore implements SearchStore {
  readonly name: "workspace" | "user";
  readonly projection = openProjection(sql);
  readonly text = createTextIndex();
  readonly statistics = new PlanStatistics();
  readonly weights = MEASURED;
  readonly view: LineageView;
  readonly documentOf = documentOf;
  readonly vectors = (): undefined => undefined;

  constructor(name: "workspace" | "user" = "workspace", view: LineageView = { visibleCommits: new Set() }) {
    this.name = name;
    this.view = view;
  }

  add(...memories: readonly Memory[]): void {
    this.#apply(memories.map((memory) => ({ type: "captured", memory })));
  }

  forget(...ids: readonly string[]): void {
    this.#apply([{ type: "forgotten", ids, undoToken: "undo", at: 0 }]);
  }

  close(): void {
    this.projection.close();
  }

  #apply(events: readonly JournalEvent[]): void {
    const { lastSeq } = this.projection;
    const delta = this.projection.apply(events.map((event, index) => ({ seq: lastSeq + index + 1, event })));
    for (const { row, memory } of [...delta.added, ...delta.changed]) this.text.add(row, documentOf(memory));
    for (const row of delta.removed) this.text.remove(row);
  }
}

/** A request with everything that a test does not name filled in. */
export function ask(given: Partial<SearchRequest>): SearchRequest {
  const deadline = new Deadline({ now: Date.now, monotonic: () => performance.now() }, 60_000);
  return {
    query: "",
    limit: 10,
    workspaceId: "workspace",
    now: 1_800_000_000_000,
    signals: defaultSettings.signals,
    deadline,
    ...given,
  };
}

function documentOf(memory: Memory): TextDocument {
  const anchors = memory.anchors.map(({ path, symbol }) => (symbol === undefined ? path : `${path} ${symbol}`));
  return { title: memory.title ?? "", body: memory.content, tags: memory.tags, anchors, parts: memory.parts };
}
