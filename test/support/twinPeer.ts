/** A process that answers its peers, for tests that stop and kill it. Its first line says where. */
import { serveTwin } from "./served.ts";

const { url, token } = await serveTwin({ onPeer: () => Promise.resolve("alive") });
console.log(JSON.stringify({ url, token }));
