import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";

export interface TokenProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Passes everything on to a Heirloom server and adds its token: for test programs that cannot send one. The Host header keeps what it
 * names and only takes the server's port, so that the server's own check still sees a foreign name.
 */
export async function startTokenProxy(target: { readonly url: string; readonly token: string }): Promise<TokenProxy> {
  const { port, pathname } = new URL(target.url);
  let ownPort = 0;
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${target.token}` };
    if (headers.host?.endsWith(`:${ownPort}`) === true) headers.host = headers.host.replace(/:\d+$/u, `:${port}`);
    const call = httpRequest(
      { host: "127.0.0.1", port, path: incoming.url, method: incoming.method, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    call.on("error", () => outgoing.destroy());
    outgoing.on("close", () => call.destroy());
    incoming.pipe(call);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ownPort = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${ownPort}${pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
