/** A process of its own: reads the journal in the folder that it is given, appends one event, and prints what came of it. */
import { toErrorShape } from "../../src/contract/errors.ts";
import { openJournal } from "../../src/engine/journal/openJournal.ts";
import { nodeFiles } from "../../src/serve/nodeFiles.ts";
import { captured, silentLogger } from "./journalEvents.ts";

const folder = process.argv[2] ?? "";
let read: number | undefined;
try {
  const journal = await openJournal(nodeFiles, folder, { maxStoreBytes: 1e9, logger: silentLogger });
  const found = await journal.read();
  read = found.events.length;
  const writer = await journal.startWriting(process.pid, found.cursor);
  const [recorded] = await writer.append([captured("by another process")]);
  await writer.close();
  process.stdout.write(JSON.stringify({ read, written: recorded?.seq }));
} catch (thrown) {
  process.stdout.write(JSON.stringify({ read, ...toErrorShape(thrown) }));
}
