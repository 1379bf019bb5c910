import { expect, test } from "vitest";
import type { IndexResult } from "../../../src/contract/codeTools.ts";
import { USUAL_CODE_RULES } from "../../../src/contract/codeRules.ts";
import type { EngineStatus } from "../../../src/host/engine/engineStatus.ts";
import { WindowCode } from "../../../src/host/code/windowCode.ts";

const READY: IndexResult = { state: "ready", files: 1, chunks: 2, symbols: 3, pending: 0, leftOut: {} };

/** The events of an engine, told by the test. */
function scene() {
  let tellCode: (event: { path: string; status: IndexResult }) => void = () => undefined;
  let tellStatus: (status: EngineStatus) => void = () => undefined;
  const engine = {
    on: (_name: string, listener: never) => {
      tellCode = listener;
      return () => undefined;
    },
    onStatus: (listener: (status: EngineStatus) => void) => {
      tellStatus = listener;
      return () => undefined;
    },
  };
  const { enabled, exclude, mostFiles } = USUAL_CODE_RULES;
  const code = new WindowCode({
    engine,
    read: (path) => ({ enabled, mostFiles, exclude: path === "/shop" ? ["out"] : exclude }),
    onFailure: () => undefined,
  });
  return {
    code,
    told: (path: string) => tellCode({ path, status: READY }),
    engineIs: (s: EngineStatus) => tellStatus(s),
  };
}

test("a folder is told to the engine with what its own settings say, and whether the window is paused", () => {
  const { code } = scene();
  expect(code.ruled({ path: "/shop", name: "shop" })).toEqual({
    path: "/shop",
    name: "shop",
    code: { ...USUAL_CODE_RULES, exclude: ["out"] },
  });
  code.setPaused(true);
  expect(code.ruled({ path: "/inn", name: "inn" }).code).toEqual({ ...USUAL_CODE_RULES, paused: true });
});

test("the state of an index is known until the engine ends: the next one has none", () => {
  const { code, told, engineIs } = scene();
  const heard: string[] = [];
  code.onStatus(({ path }) => heard.push(path));
  told("/shop");
  expect(code.statusOf("/shop")).toEqual(READY);
  expect(heard).toEqual(["/shop"]);
  engineIs({ state: "waiting", problem: "killed", retryInMs: 1 });
  expect(code.statusOf("/shop")).toBeUndefined();
});
