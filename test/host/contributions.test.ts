import { expect, it } from "vitest";
import { registerContributions, together } from "../../src/host/contributions.ts";

it("a contribution that fails is reported and missing, and the others work", () => {
  const told: string[] = [];
  const alive = new Set<string>();
  const working = (name: string) => ({
    name,
    register: () => {
      alive.add(name);
      return { dispose: () => alive.delete(name) };
    },
  });
  const failing = {
    name: "broken",
    register: () => {
      throw new Error("no such API");
    },
  };
  const all = registerContributions([working("first"), failing, working("last")], {}, (name, error) =>
    told.push(`${name}: ${String(error)}`),
  );
  expect([...alive]).toEqual(["first", "last"]);
  expect(told).toEqual(["broken: Error: no such API"]);
  all.dispose();
  expect([...alive]).toEqual([]);
});

it("one that cannot be taken back does not keep the others", () => {
  const told: string[] = [];
  let disposed = 0;
  const counted = { name: "counted", register: () => ({ dispose: () => disposed++ }) };
  const stuck = {
    name: "stuck",
    register: () => ({
      dispose: () => {
        throw new Error("stuck");
      },
    }),
  };
  const all = registerContributions([counted, stuck, counted], {}, (name) => told.push(name));
  all.dispose();
  all.dispose();
  expect(disposed).toBe(2);
  expect(told).toEqual(["stuck"]);
});

it("what was made last is taken back first", () => {
  const order: number[] = [];
  together(
    () => order.push(1),
    { dispose: () => order.push(2) },
    () => order.push(3),
  ).dispose();
  expect(order).toEqual([3, 2, 1]);
});
