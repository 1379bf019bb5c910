import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Settings } from "../contract/settings.ts";
import { type ReadResourceResult, type Resource, ResourceNotFoundError } from "./mcpSdk.ts";
import { DATA_NOTICE, quoteLine, quoteMemory } from "./quoteMemory.ts";
import { memoryText } from "./toolResults.ts";

const RECENT_COUNT = 20;
const MEMORY_URI = /^memory:\/\/(?<id>[^/?#\s]{1,200})$/u;

const FIXED_RESOURCES: readonly Resource[] = [
  { uri: "memory://stats", name: "stats", title: "Memory statistics", mimeType: "application/json" },
  { uri: "memory://recent", name: "recent", title: "Newest memories", mimeType: "text/markdown" },
  { uri: "config://current", name: "config", title: "Settings in force", mimeType: "application/json" },
];

export const RESOURCE_TEMPLATES = [
  { uriTemplate: "memory://{id}", name: "memory", title: "One memory, whole", mimeType: "text/markdown" },
];

/** The fixed resources, then the newest memories. */
export async function listResources(engine: EngineApi, context: RequestContext): Promise<Resource[]> {
  const { memories } = await engine.retrieve({ query: "", limit: RECENT_COUNT }, context);
  const recent = memories.map((memory) => ({
    uri: `memory://${encodeURIComponent(memory.id)}`,
    name: memory.id,
    title: quoteLine(memory.title ?? memory.content, 80),
    mimeType: "text/markdown",
  }));
  return [...FIXED_RESOURCES, ...recent];
}

/** Throws the protocol's own resource-not-found error for an address that names nothing. */
export async function readResource(
  engine: EngineApi,
  uri: string,
  context: RequestContext,
  config: { readonly settings: Settings; readonly version: string; readonly profiles: readonly string[] },
): Promise<ReadResourceResult> {
  if (uri === "memory://stats") return json(uri, await engine.stats(context));
  if (uri === "config://current") return json(uri, config);
  if (uri === "memory://recent") {
    const { memories } = await engine.retrieve({ query: "", limit: RECENT_COUNT }, context);
    const text = memories.length === 0 ? "Nothing is remembered yet." : memories.map(memoryText).join("\n\n");
    return markdown(uri, `${DATA_NOTICE}\n\n${text}`);
  }
  return markdown(uri, await wholeMemory(engine, uri, context));
}

async function wholeMemory(engine: EngineApi, uri: string, context: RequestContext): Promise<string> {
  const id = decodeId(uri);
  if (id === undefined) throw new ResourceNotFoundError(uri);
  try {
    const { memory, view } = await engine.get(id, context);
    const { content, ...facts } = view;
    // The facts hold recorded text too (title, tags, metadata), so they are quoted like the content.
    return `Memory ${id}. ${DATA_NOTICE}\n\n${quoteMemory(memory.content)}\n\n${quoteMemory(JSON.stringify({ ...facts, characters: content.length }, undefined, 1))}`;
  } catch (error) {
    if (error instanceof HeirloomError && error.code === "NOT_FOUND") throw new ResourceNotFoundError(uri);
    throw error;
  }
}

function decodeId(uri: string): string | undefined {
  const id = MEMORY_URI.exec(uri)?.groups?.["id"];
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

function json(uri: string, value: unknown): ReadResourceResult {
  return { contents: [{ uri, mimeType: "application/json", text: JSON.stringify(value, undefined, 1) }] };
}

function markdown(uri: string, text: string): ReadResourceResult {
  return { contents: [{ uri, mimeType: "text/markdown", text }] };
}
