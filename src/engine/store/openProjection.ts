import { HeirloomError } from "../../contract/errors.ts";
import type { Projection } from "../seams.ts";
import { SqlProjection } from "./projection.ts";
import { migrate } from "./schema.ts";
import type { SqlEngine } from "./sqlEngine.ts";

/**
 * An empty projection, or the one that an image holds, brought to the present schema. An image only saves time: on UNSUPPORTED_VERSION and
 * STORE_CORRUPT the caller can apply the journal to an empty one.
 */
export function openProjection(sql: SqlEngine, image?: Uint8Array): Projection {
  const database = sql.open(image);
  try {
    migrate(database, image === undefined ? "new" : "image");
    return new SqlProjection(database);
  } catch (thrown) {
    database.close();
    if (thrown instanceof HeirloomError || image === undefined) throw thrown;
    throw new HeirloomError(
      "STORE_CORRUPT",
      "The image of the store cannot be read; rebuild it from the journal.",
      undefined,
      {
        cause: thrown,
      },
    );
  }
}
