/**
 * A remote's address without what could be a credential: user and password of a URL (the user of an ssh one stays: it is git's, not a
 * person's), query and fragment. What a remote helper is given (`ext::…`) is left out unless it is a URL itself.
 */
export function withoutCredentials(address: string): string {
  const helper = /^([A-Za-z0-9][A-Za-z0-9+.-]*)::/.exec(address)?.[1];
  if (helper !== undefined) {
    const rest = address.slice(helper.length + 2);
    return isUrl(rest) ? `${helper}::${withoutCredentials(rest)}` : `${helper}::…`;
  }
  if (!isUrl(address)) return withoutPassword(address);
  const start = address.indexOf("://") + 3;
  const scheme = address.slice(0, start);
  const [rest = ""] = address.slice(start).split(/[?#]/, 1);
  if (/^file:/i.test(scheme)) return scheme + rest;
  const { user, place } = splitUser(rest);
  const keptUser = /ssh/i.test(scheme) ? user.split(":", 1)[0] : "";
  return scheme + (keptUser === undefined || keptUser === "" ? "" : `${keptUser}@`) + place;
}

function isUrl(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text);
}

/** `rest` is what follows `://`. A password may hold an @, and when it is badly written a slash too. */
function splitUser(rest: string): { readonly user: string; readonly place: string } {
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const plain = /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(host);
  const end = plain ? at : rest.lastIndexOf("@");
  return end < 0 ? { user: "", place: rest } : { user: rest.slice(0, end), place: rest.slice(end + 1) };
}

/** `user:password@host:path` is no form that git knows, but people write it. */
function withoutPassword(address: string): string {
  return address.replace(/^([^/:@]+):[^/]*@/, "$1@");
}
