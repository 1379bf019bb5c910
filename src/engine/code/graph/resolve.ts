import type { CodeCall } from "../../../contract/code.ts";
import { type CodeIndex, type IndexedFile, qualifiedName } from "../codeIndex.ts";
import type { Imported } from "./bindings.ts";
import { type Resolution, resolved } from "./certainty.ts";
import { familyOf } from "./family.ts";
import { keptInField, ownerOf, readReceiver } from "./receiver.ts";
import { isClass, isCode, isTop, namedIn, type SymbolAt, symbolAt } from "./symbolAt.ts";
import { OPEN_NAMES, TypeNames } from "./typeNames.ts";
import { returnType, typeIn } from "./writtenType.ts";

/** In these a method is called by its name alone inside of its class. */
const IMPLICIT_OWN: ReadonlySet<string | undefined> = new Set(["java", "csharp", "cpp", "ruby", "dart"]);
/** In these a name may be said with the namespace that it stands in, without an import of that. */
const NAMESPACES: ReadonlySet<string | undefined> = new Set(["cpp", "ruby", "csharp"]);
/** A chain of calls is followed so far. */
const MOST_STEPS = 4;
/** More candidates than these say nothing. */
const MOST_CANDIDATES = 50;
/** So many are asked whether one stands in for another. */
const MOST_COMPARED = 12;

/** Tells what calls and names mean, as far as the text does, from the files as they are now: one for each question. */
export class Resolver {
  readonly types: TypeNames;
  /** Methods that a name alone may mean, by family of languages and name: asked again and again for one question. */
  readonly #members = new Map<string, Resolution | undefined>();
  /** Calls whose result is being followed. */
  #depth = 0;

  constructor(index: CodeIndex) {
    this.types = new TypeNames(index);
  }

  /** Undefined where it means nothing in the tree. */
  call(file: IndexedFile, call: CodeCall): Resolution | undefined {
    const caller = symbolAt(file, call.from);
    return call.receiver === undefined ? this.#plain(file, call.name, caller) : this.#onReceiver(file, call, caller);
  }

  #plain(file: IndexedFile, name: string, caller: SymbolAt | undefined): Resolution | undefined {
    const { language } = file;
    const namesakes = namedIn(file, name).filter((one) => isCode(one) && one.symbol.kind !== "module");
    const seen = namesakes.filter((one) => isSeen(one, caller));
    if (seen.length > 0) return { to: innermost(seen), how: "same-file" };
    if (IMPLICIT_OWN.has(language) && caller !== undefined) {
      // What a block of Ruby is named after, a class that is tested, has other members in other files.
      const path = language === "ruby" ? ownerOf(caller) : undefined;
      const beside = path === undefined ? [] : namesakes.filter(({ symbol: { container } }) => container === path);
      if (beside.length > 0) return { to: beside, how: "same-file" };
      const owner = this.types.ownerOf(caller);
      const members = owner === undefined ? [] : this.types.members(owner, name);
      if (members.length > 0) return { to: members, how: members[0]?.file === file ? "same-file" : "receiver" };
    }
    const imported = this.types.imports.of(file, name);
    if (imported?.is === "symbols") return { to: imported.symbols, how: "imported" };
    if (imported !== undefined) return undefined;
    const beside = this.types.beside(file, name);
    if (beside.length > 0) return { to: beside, how: "package" };
    const open = this.types.imports.byWildcard(file, name);
    if (open.length > 0) return { to: this.#withBodies(open), how: "imported" };
    if (language === "rust" && caller !== undefined && hasMacroCall(file, caller)) {
      // What a macro is given is not parsed: what a method is called on is not known there.
      const member = this.#anyMember(file, name);
      if (member !== undefined) return member;
    }
    const macros =
      language === "rust"
        ? this.types.definitions(name, file).filter(({ symbol }) => /^macro_rules!/u.test(symbol.signature))
        : [];
    if (macros.length > 0) return resolved(macros, macros.length === 1 ? "only-definition" : "by-name");
    if (!OPEN_NAMES.has(language) && !isScript(file)) return undefined;
    return this.#anyOf(
      this.types.definitions(name, file).filter((one) => isTop(one) || IMPLICIT_OWN.has(language)),
      name,
    );
  }

  #onReceiver(file: IndexedFile, call: CodeCall, caller: SymbolAt | undefined): Resolution | undefined {
    const { name } = call;
    const receiver = readReceiver(call, caller);
    switch (receiver.is) {
      case "own": {
        const owner = caller === undefined ? undefined : this.types.ownerOf(caller);
        if (owner === undefined) return this.#anyMember(file, name);
        const found = this.types.members(owner, name, { baseOnly: receiver.base });
        if (found.length > 0) return { to: found, how: found[0]?.file === file ? "same-file" : "receiver" };
        return this.#unlessOutside(owner, () => this.#anyMember(file, name));
      }
      case "typed":
        return this.#ofType(file, receiver.type, name);
      case "result":
        return this.#ofResult(file, receiver.of, name);
      case "field": {
        const owner = caller === undefined ? undefined : this.types.ownerOf(caller);
        return owner === undefined ? this.#anyMember(file, name) : this.#ofField(owner, receiver.name, name);
      }
      case "name":
        return this.#ofName(file, receiver.name, name, caller);
      case "unknown":
        return this.#anyMember(file, name);
    }
  }

  #ofName(file: IndexedFile, receiver: string, name: string, caller: SymbolAt | undefined): Resolution | undefined {
    const imported = this.types.imports.of(file, receiver);
    if (imported !== undefined) return this.#ofImported(imported, name);
    const [first = "", ...rest] = receiver.split(".");
    const outer = rest.length === 0 ? undefined : this.types.imports.of(file, first);
    if (outer?.is === "elsewhere") return undefined;
    if (outer?.is === "module" && rest.length === 1)
      return this.#ofSymbols(this.types.imports.inModule(outer.files, rest[0] ?? ""), name);
    if (rest.length === 0) {
      const own = namedIn(file, receiver).filter((one) => isCode(one) && isTop(one));
      if (own.length > 0) return this.#ofSymbols(own, name) ?? this.#anyMember(file, name);
      const owner = IMPLICIT_OWN.has(file.language) && caller !== undefined ? this.types.ownerOf(caller) : undefined;
      if (owner !== undefined && this.types.members(owner, receiver).length > 0)
        return this.#ofField(owner, receiver, name);
    }
    if (NAMESPACES.has(file.language)) {
      const found = this.types.inNamespace(file, receiver, name);
      if (found.length > 0) return resolved(this.#withBodies(found), "imported");
    }
    if (/^[A-Z]/u.test(rest.at(-1) ?? first)) {
      const type = this.types.type(file, receiver);
      if (type !== undefined) return this.#ofSymbols(type.to, name);
      // It is a type of the language or of a library.
      if (!OPEN_NAMES.has(file.language)) return undefined;
    }
    const declared = rest.length === 0 ? fieldType(file, receiver) : undefined;
    return declared === undefined ? this.#anyMember(file, name) : this.#ofType(file, declared, name);
  }

  #ofImported(imported: Imported, name: string): Resolution | undefined {
    if (imported.is === "elsewhere") return undefined;
    if (imported.is === "symbols") return this.#ofSymbols(imported.symbols, name);
    const found = this.types.imports.inModule(imported.files, name);
    return resolved(found, "imported");
  }

  /** A member of a class, or of what a constant is made as. */
  #ofSymbols(symbols: readonly SymbolAt[], name: string): Resolution | undefined {
    for (const one of symbols) {
      const members = this.types.members(one, name);
      if (members.length > 0) return { to: members, how: "receiver" };
      if (isClass(one)) continue;
      const type = typeIn(one.symbol.signature, one.symbol.name, one.file.language);
      const found = type === undefined ? undefined : this.#ofType(one.file, type, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #ofType(file: IndexedFile, type: string, name: string): Resolution | undefined {
    const owner = this.types.type(file, type)?.to[0];
    // A type that is not in the tree has no members in it.
    if (owner === undefined) return undefined;
    const found = this.types.members(owner, name);
    return resolved(found, "receiver");
  }

  #ofField(owner: SymbolAt, field: string, name: string): Resolution | undefined {
    const [declared] = this.types.members(owner, field.replace(/^#/u, "")).concat(this.types.members(owner, field));
    if (declared === undefined) return this.#ofKept(owner, field, name) ?? this.#anyMember(owner.file, name);
    const { language } = declared.file;
    const { signature } = declared.symbol;
    const type = typeIn(signature, declared.symbol.name, language) ?? this.#typeOfParameter(declared, signature);
    if (type !== undefined) return this.#ofType(declared.file, type, name);
    return this.#ofKept(owner, field, name) ?? this.#anyMember(declared.file, name);
  }

  #ofKept(owner: SymbolAt, field: string, name: string): Resolution | undefined {
    const kept = keptInField(owner, field);
    return kept === undefined ? undefined : this.#ofResult(owner.file, kept, name);
  }

  /** A member of what a call gives: of what it makes, or of the type that the function says. */
  #ofResult(file: IndexedFile, call: CodeCall, name: string): Resolution | undefined {
    if (this.#depth >= MOST_STEPS) return undefined;
    this.#depth += 1;
    try {
      const made = this.call(file, call);
      const [first] = made?.to ?? [];
      // What is not in the tree gives what is not in it either, as a rule.
      if (made === undefined || first === undefined)
        return isKnownElsewhere(call) ? undefined : this.#anyMember(file, name);
      if (made.how === "by-name") return this.#anyMember(file, name);
      if (isClass(first)) return resolved(this.types.members(first, name), "receiver");
      const { signature, name: called } = first.symbol;
      const type = returnType(signature, called, first.file.language);
      if (type === undefined) return this.#anyMember(file, name);
      if (type === "Self" || type === "this" || type === "static") {
        const owner = this.types.ownerOf(first);
        return owner === undefined ? undefined : resolved(this.types.members(owner, name), "receiver");
      }
      return this.#ofType(first.file, type, name);
    } finally {
      this.#depth -= 1;
    }
  }

  /** `self.store = store` in a constructor whose parameter says its type. */
  #typeOfParameter(field: SymbolAt, signature: string): string | undefined {
    const value = /=\s*(\w+)\s*;?$/u.exec(signature)?.[1];
    const owner = value === undefined ? undefined : this.types.ownerOf(field);
    const maker =
      owner === undefined
        ? undefined
        : this.types.ownMembers(owner, "__init__").concat(this.types.ownMembers(owner, "constructor"))[0];
    return value === undefined || maker === undefined
      ? undefined
      : typeIn(maker.symbol.signature, value, field.file.language);
  }

  /** Nothing is known of what it is called on: any method of that name. */
  #anyMember(file: IndexedFile, name: string): Resolution | undefined {
    const key = `${familyOf(file.language)} ${name}`;
    if (!this.#members.has(key)) this.#members.set(key, this.#findMember(file, name));
    return this.#members.get(key);
  }

  #findMember(file: IndexedFile, name: string): Resolution | undefined {
    return this.#anyOf(
      this.types
        .definitions(name, file)
        .filter(({ symbol }) => symbol.container !== undefined && symbol.kind === "method"),
      name,
    );
  }

  #anyOf(found: readonly SymbolAt[], name: string): Resolution | undefined {
    if (found.length > MOST_CANDIDATES) return undefined;
    const roots = found.length < 2 ? found : this.#rootsOf(this.#withBodies(found));
    return resolved(roots, roots.length === 1 && !COMMON.has(name) ? "only-definition" : "by-name");
  }

  /** Without methods that stand in for another of them. */
  #rootsOf(found: readonly SymbolAt[]): readonly SymbolAt[] {
    if (found.length > MOST_COMPARED) return found;
    return found.filter((one) => {
      const owner = this.types.ownerOf(one);
      const bases = owner === undefined ? [] : this.types.basesOf(owner);
      return !found.some(
        (other) =>
          other !== one &&
          bases.some((base) => base.file === other.file && qualifiedName(base.symbol) === other.symbol.container),
      );
    });
  }

  /** A member that its class does not have may come from a base that is not in the tree. */
  #unlessOutside(owner: SymbolAt, otherwise: () => Resolution | undefined): Resolution | undefined {
    const chain = [owner, ...this.types.basesOf(owner)];
    const hasOutside = chain.some(({ file, symbol }) => {
      const written = file.parsed.inherits.filter((one) => one.symbol === symbol.name);
      return written.some(({ base }) => this.types.type(file, base) === undefined);
    });
    return hasOutside ? undefined : otherwise();
  }

  /** What a header declares and one file defines is the definition. */
  #withBodies(found: readonly SymbolAt[]): readonly SymbolAt[] {
    const [first] = found;
    if (first === undefined || familyOf(first.file.language) !== "c") return found;
    const bodies = this.types
      .definitions(first.symbol.name, first.file)
      .filter((one) => one.symbol.endLine > one.symbol.startLine && isTop(one));
    return bodies.length === 1 ? bodies : found;
  }
}

/** The type that every field of this name has that the file declares: `const { store } = parts` takes one of them out. */
function fieldType(file: IndexedFile, name: string): string | undefined {
  const types = namedIn(file, name).flatMap(({ symbol }) =>
    symbol.kind === "field" ? (typeIn(symbol.signature, name, file.language) ?? []) : [],
  );
  return new Set(types).size === 1 ? types[0] : undefined;
}

/** Whether a caller can mean it by its name alone: it stands in the file, in a namespace, or in what the caller stands in. */
function isSeen(one: SymbolAt, caller: SymbolAt | undefined): boolean {
  const { kind, container } = one.symbol;
  if (kind === "field" || kind === "test" || kind === "method") return false;
  if (isTop(one)) return true;
  if (container === undefined || caller === undefined) return false;
  const path = qualifiedName(caller.symbol);
  return path === container || path.startsWith(`${container}.`);
}

/** Of those that are seen, the ones that stand the furthest inside. */
function innermost(seen: readonly SymbolAt[]): readonly SymbolAt[] {
  const depth = ({ symbol }: SymbolAt): number => symbol.container?.split(".").length ?? 0;
  const most = Math.max(...seen.map(depth));
  return seen.filter((one) => depth(one) === most);
}

const hasMacroCall = ({ parsed }: IndexedFile, { symbol }: SymbolAt): boolean =>
  parsed.calls.some(({ name, line }) => MACROS.test(name) && line >= symbol.startLine && line <= symbol.endLine);
const MACROS = /^(?:assert\w*|debug_assert\w*|println|print|eprintln|format|write|writeln|panic|vec|matches|dbg)$/u;

/** Something that is called on a type or module, or made, is where its type or module is. */
const isKnownElsewhere = ({ receiver, name }: CodeCall): boolean => receiver === undefined || /^[A-Z]/u.test(name);

const isScript = ({ parsed, imports, language }: IndexedFile): boolean =>
  familyOf(language) === "javascript" &&
  imports.length === 0 &&
  !parsed.symbols.some(({ isExported }) => isExported === true);

/** Methods that things of every language's own library have: a call of one says little, even where the tree defines it once. */
const COMMON: ReadonlySet<string> = new Set(
  "add all any append apply at bind call catch clear clone close concat contains copy count create delete each emit end entries equals exec extend filter find first flush forEach format get has hashCode includes index indexOf init insert into is_empty isEmpty items iter join keys last len length load lock log map match merge min max name new next of on once open parse peek pop print push put read reduce remove replace reset resolve reverse run search send set shift size slice sort split start startsWith stop strip substring sum test then to_string toString trim unwrap update value values wait write".split(
    " ",
  ),
);
