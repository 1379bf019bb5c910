/** A full object id, SHA-1 or SHA-256, as git writes it. Only such text reaches git's standard input or arguments. */
const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}
