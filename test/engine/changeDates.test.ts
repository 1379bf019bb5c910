import { expect, test } from "vitest";
import { ChangeDates } from "../../src/engine/changeDates.ts";

const at = (commit: string): { readonly commit: string; readonly subject: string; readonly at: number } => ({
  commit,
  subject: "",
  at: 0,
});

test("a question is asked once while HEAD stands, and anew when it moves", async () => {
  const dates = new ChangeDates();
  let asked = 0;
  const ask = (): Promise<ReturnType<typeof at>> => Promise.resolve(at(`c${++asked}`));
  const [first, second] = await Promise.all([dates.of("h1", "q", ask), dates.of("h1", "q", ask)]);
  expect([first, second, await dates.of("h1", "q", ask)]).toEqual([at("c1"), at("c1"), at("c1")]);
  expect(await dates.of("h1", "other", ask)).toEqual(at("c2"));
  expect(await dates.of("h2", "q", ask)).toEqual(at("c3"));
});

test("git is asked one thing at a time, and what failed is asked again", async () => {
  const dates = new ChangeDates();
  let running = 0;
  const ask = async (): Promise<never> => {
    expect(++running).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    throw new Error("git is gone");
  };
  const questions = ["a", "b", "c"];
  expect(await Promise.all(questions.map((question) => dates.of("h", question, ask)))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await dates.of("h", "a", () => Promise.resolve(at("found")))).toEqual(at("found"));
});
