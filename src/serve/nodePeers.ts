import type { PeerAddress, Peers, ProcessIdentity } from "../engine/ports.ts";
import { callPeer } from "./peerClient.ts";
import { processState, selfIdentity } from "./processIdentity.ts";

/** The other Heirloom processes of this machine, reached over loopback. `address` resolves when this process listens itself. */
export function nodePeers(address: Promise<PeerAddress>): Peers {
  return {
    self: selfIdentity(),
    probe: (identity: ProcessIdentity) => Promise.resolve(processState(identity)),
    call: callPeer,
    address: () => address,
  };
}
