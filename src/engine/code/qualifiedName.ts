import type { CodeSymbol } from "../../contract/code.ts";

/** `Server.Connection.close` */
export const qualifiedName = ({ name, container }: Pick<CodeSymbol, "name" | "container">): string =>
  container === undefined ? name : `${container}.${name}`;
