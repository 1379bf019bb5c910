import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MAXIMUM_FILE_BYTES } from "../../../src/engine/code/walk/codeListing.ts";
import { AGAIN_MS, GATHER_MS, type OpenText, UnsavedTexts } from "../../../src/host/editor/unsavedTexts.ts";

/** A document as VS Code has it, with what a person does to it. */
class TypedText implements OpenText {
  readonly uri = "file:///work/a.ts";
  version = 1;
  isDirty = false;
  isClosed = false;
  #text = "";

  getText(): string {
    return this.#text;
  }

  type(text: string): void {
    this.#text = text;
    this.version++;
    this.isDirty = true;
    texts.changed(this);
  }

  save(): void {
    this.isDirty = false;
    texts.changed(this);
  }
}

let texts: UnsavedTexts<TypedText>;
let document: TypedText;
/** What the engine was told; undefined: the file holds. */
let told: (string | undefined)[];
let isAnchored: boolean;
let isRunning: boolean;
/** What the engine does before it has been told. */
let taking: () => Promise<void>;
beforeEach(() => {
  vi.useFakeTimers();
  [told, isAnchored, isRunning] = [[], true, true];
  taking = () => Promise.resolve();
  document = new TypedText();
  texts = new UnsavedTexts({
    may: () => isRunning,
    placeOf: () => ({ folder: "/work", path: "a.ts" }),
    lengthOf: (one) => one.getText().length,
    isAnchored: () => Promise.resolve(isAnchored),
    send: async (_place, text) => {
      await taking();
      told.push(text);
    },
    onFailure: (error) => expect.unreachable(String(error)),
  });
});
afterEach(() => {
  texts.dispose();
  vi.useRealTimers();
});

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

test("key strokes are gathered, and what stands then is told once", async () => {
  for (const text of ["a", "ab", "abc"]) document.type(text);
  await pass(GATHER_MS - 1);
  expect(told).toEqual([]);
  await pass(10 * GATHER_MS);
  expect(told).toEqual(["abc"]);
});

test("the engine is told while somebody types on without a pause", async () => {
  for (let key = 1; key <= 40; key++) {
    document.type("x".repeat(key));
    await pass(GATHER_MS / 5);
  }
  expect(told.length).toBeGreaterThanOrEqual(6);
});

test("what is saved is told after the text that was on its way, and nothing after that", async () => {
  let take = (): void => undefined;
  taking = () => new Promise((resolve) => (take = resolve));
  document.type("typed");
  await pass(GATHER_MS);
  document.save();
  await pass(10 * GATHER_MS);
  expect(told).toEqual([]);
  taking = () => Promise.resolve();
  take();
  await pass(10 * GATHER_MS);
  expect(told).toEqual(["typed", undefined]);
  document.save();
  await pass(10 * GATHER_MS);
  expect(told).toHaveLength(2);
});

test("a text that nothing is anchored in is not sent until a memory is", async () => {
  isAnchored = false;
  document.type("typed");
  await pass(10 * GATHER_MS);
  expect(told).toEqual([]);
  isAnchored = true;
  texts.memoriesChanged();
  await pass(AGAIN_MS);
  expect(told).toEqual(["typed"]);
});

test("a text that something is about to be anchored in is there when that is told", async () => {
  isAnchored = false;
  document.type("typed");
  await texts.tell(document);
  expect(told).toEqual(["typed"]);
});

test("a text above the limit is not sent, and one that grows above it is given up", async () => {
  document.type("x".repeat(MAXIMUM_FILE_BYTES + 1));
  await pass(10 * GATHER_MS);
  expect(told).toEqual([]);
  document.type("small");
  await pass(GATHER_MS);
  document.type("x".repeat(MAXIMUM_FILE_BYTES + 1));
  await pass(GATHER_MS);
  expect(told).toEqual(["small", undefined]);
});

test("an engine that starts again is told everything again, and one that does not run nothing", async () => {
  document.type("typed");
  await pass(GATHER_MS);
  isRunning = false;
  document.type("typed more");
  await pass(10 * GATHER_MS);
  isRunning = true;
  texts.restarted();
  await pass(GATHER_MS);
  texts.restarted();
  await pass(GATHER_MS);
  expect(told).toEqual(["typed", "typed more", "typed more"]);
});
