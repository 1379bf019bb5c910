import type { PeerAddress, Peers } from "../engine/ports.ts";
import { nodePeers } from "../serve/nodePeers.ts";
import { isThisProcess } from "../serve/processIdentity.ts";

/**
 * The other Heirloom processes as a window's engines see them. There is one engine worker in a process, so a claim of this very process with
 * another token is that of a worker that has ended, and is free. What the window's engines ask each other stays in this thread.
 */
export function windowPeers(own: PeerAddress, serve: (operation: string, body: unknown) => Promise<unknown>): Peers {
  const peers = nodePeers(Promise.resolve(own));
  return {
    ...peers,
    probe: async (identity, address) => {
      if (address?.token !== own.token && isThisProcess(identity)) return "dead";
      return peers.probe(identity, address);
    },
    call: (address, operation, body) =>
      address.token === own.token ? serve(operation, body) : peers.call(address, operation, body),
  };
}
