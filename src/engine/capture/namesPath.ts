import type { Memory } from "../../contract/memory.ts";

/** File names that so many folders have that naming one says nothing of this file. */
const COMMON =
  /^(?:index|main|mod|lib|app|init|__init__|readme|package|types|utils|helpers|config|test|setup|license|changelog)\b/iu;
const SHORTEST_NAME = 6;

/** Why a memory speaks of the file at `path` (relative to the workspace root, forward slashes); undefined when it does not. */
export function namesPath({ anchors, title, content }: Memory, path: string): string | undefined {
  const anchor = anchors.find((one) => one.path === path || (one.path !== "." && path.startsWith(`${one.path}/`)));
  if (anchor !== undefined)
    return anchor.path === path ? `anchored in ${path}` : `anchored in the folder ${anchor.path}`;
  const segments = path.split("/");
  const name = segments.at(-1) ?? path;
  const names = [path, segments.slice(-2).join("/")];
  if (name.length >= SHORTEST_NAME && !COMMON.test(name)) names.push(name);
  const text = `${title ?? ""}\n${content}`;
  const named = names.find((one) => one.includes(".") && mentions(text, one));
  return named === undefined ? undefined : `names ${named}`;
}

/** Whether `name` stands in the text by itself, not as part of another name. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text.slice(at + name.length, at + name.length + 2);
    if (!/[\w-]/u.test(before) && !/^(?:[\w-]|\.\w)/u.test(after)) return true;
  }
  return false;
}
