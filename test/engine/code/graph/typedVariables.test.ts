import { describe, expect, test } from "vitest";
import { SymbolGraph } from "../../../../src/engine/code/graph/symbolGraph.ts";
import { CodeTree, readTree } from "../../../support/codeTree.ts";

/** In each tree two types have a method of one name; the line says where that of `Store` is called, and how that is known. */
const TREES: Readonly<
  Record<string, { readonly target: string; readonly tree: string; readonly calls: readonly string[] }>
> = {
  TypeScript: {
    target: "store.ts#Store.save",
    calls: ["app.ts:5 receiver", "app.ts:6 receiver", "app.ts:8 receiver", "app.ts:10 receiver"],
    tree: `=== store.ts
export class Store { save(): void {} }
export class Other { save(): void {} }
=== app.ts
import { Store, Other } from "./store.ts";
import { find, all } from "elsewhere";
export function run(): void {
  const one: Store = find();
  one.save();
  find(() => one.save());
  let two: Store | undefined = find();
  two?.save();
  function inner(): void {
    one.save();
  }
  const other: Other = find();
  other.save();
  const many: Store[] = all();
  many.save();
}
export function apart(one: Other): void {
  one.save();
}
`,
  },
  Python: {
    target: "store.py#Store.save",
    calls: ["app.py:6 receiver", "app.py:8 receiver"],
    tree: `=== store.py
class Store:
    def save(self): pass
class Other:
    def save(self): pass
=== app.py
from store import Store, Other
from elsewhere import find

def run():
    one: Store = find()
    one.save()
    two: "Optional[Store]" = find()
    two.save() if False else one.save()
    other: Other = find()
    other.save()
`,
  },
  Go: {
    target: "store/store.go#Store.Save",
    calls: ["app/app.go:7 receiver"],
    tree: `=== go.mod
module example.com/shop
=== store/store.go
package store

type Store struct{}

func (s *Store) Save() {}

type Other struct{}

func (o *Other) Save() {}
=== app/app.go
package app

import "example.com/shop/store"

func run() {
	var one *store.Store
	one.Save()
	var other store.Other = find()
	other.Save()
}
`,
  },
  Rust: {
    target: "src/store.rs#Store.save",
    calls: ["src/main.rs:5 receiver", "src/main.rs:7 receiver"],
    tree: `=== Cargo.toml
[package]
name = "shop"
=== src/store.rs
pub struct Store;
impl Store { pub fn save(&self) {} }
pub struct Other;
impl Other { pub fn save(&self) {} }
=== src/main.rs
mod store;
use crate::store::{Other, Store};
fn main() {
    let one: &Store = elsewhere::find();
    one.save();
    let mut two: Box<Store> = elsewhere::find();
    two.save();
    let other: Other = elsewhere::find();
    other.save();
}
`,
  },
  Java: {
    target: "shop/Store.java#Store.save",
    calls: ["shop/App.java:6 receiver", "shop/App.java:7 receiver"],
    tree: `=== shop/Store.java
package shop;
public class Store { public void save() {} }
=== shop/Other.java
package shop;
public class Other { public void save() {} }
=== shop/App.java
package shop;
import elsewhere.Finder;
class App {
    void run(Finder finder) {
        final Store one = finder.find();
        one.save();
        for (Store each : finder.all()) each.save();
        Other other = finder.find();
        other.save();
    }
}
`,
  },
  "C#": {
    target: "Store.cs#Shop.Store.Save",
    calls: ["App.cs:8 receiver", "App.cs:9 receiver", "App.cs:10 receiver"],
    tree: `=== Store.cs
namespace Shop;
public class Store { public void Save() { } }
public class Other { public void Save() { } }
=== App.cs
using Elsewhere;
namespace Shop;
class App
{
    void Run(Finder finder)
    {
        Store? one = finder.Find();
        one.Save();
        foreach (Store each in finder.All()) each.Save();
        if (finder.Find() is Store found) found.Save();
        Other other = finder.Find();
        other.Save();
    }
}
`,
  },
  Dart: {
    target: "lib/store.dart#Store.save",
    calls: ["lib/app.dart:5 receiver", "lib/app.dart:7 receiver"],
    tree: `=== lib/store.dart
class Store { void save() {} }
class Other { void save() {} }
=== lib/app.dart
import 'store.dart';
import 'package:elsewhere/elsewhere.dart';
void run(Finder finder) {
  final Store one = finder.find();
  one.save();
  for (final Store each in finder.all()) {
    each.save();
  }
  Other other = finder.find();
  other.save();
}
`,
  },
  "C++": {
    target: "store.hpp#Store.save",
    calls: ["app.cpp:5 receiver", "app.cpp:6 receiver", "app.cpp:8 receiver", "app.cpp:10 receiver"],
    tree: `=== store.hpp
class Store { public: void save() {} };
class Other { public: void save() {} };
=== app.cpp
#include "store.hpp"
#include <elsewhere>
void run(Finder& finder) {
  Store one(finder);
  one.save();
  for (const Store& each : finder.all()) each.save();
  Store* two = finder.find();
  two->save();
  std::unique_ptr<Store> three = finder.find();
  three->save();
  Other other = finder.find();
  other.save();
}
`,
  },
};

describe("a method that is called on a local variable", () => {
  test.each(Object.entries(TREES))("is that of the type which its declaration says, in %s", async (_, one) => {
    const tree = await CodeTree.of(readTree(one.tree));
    const { edges } = new SymbolGraph(tree.index).callersOf(tree.symbol(one.target));
    const told = new Set(edges.map(({ file, line, how }) => `${file.path}:${line} ${how}`));
    expect([...told]).toEqual(one.calls);
  });
});
