/**
 * A process of its own that claims a store again and again, in step with its parent: for every line on stdin, which names a folder, it answers
 * with what it became. It stays alive until the parent kills it, because a claim of a dead process may be taken over.
 */
import { createInterface } from "node:readline";
import { claimOwnership } from "../../src/engine/journal/ownership.ts";
import { nodeFiles } from "../../src/serve/nodeFiles.ts";
import { processState, selfIdentity } from "../../src/serve/processIdentity.ts";
import { silentLogger } from "./journalEvents.ts";

const peers = {
  self: selfIdentity(),
  probe: (identity: Parameters<typeof processState>[0]) => Promise.resolve(processState(identity)),
  call: () => Promise.reject(new Error("not called here")),
  address: () => Promise.resolve({ url: `http://127.0.0.1:${process.pid}`, token: "token" }),
};
for await (const folder of createInterface(process.stdin)) {
  const ownership = await claimOwnership(nodeFiles, folder, peers, { logger: silentLogger });
  const epoch = ownership.role === "owner" ? ownership.epoch : ownership.owner.epoch;
  const stopped = ownership.role === "follower" && ownership.stopped;
  process.stdout.write(JSON.stringify({ role: ownership.role, epoch, stopped }) + "\n");
}
