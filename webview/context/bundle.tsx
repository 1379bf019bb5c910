import type { BuildContextResult } from "../../src/contract/tools.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon } from "../parts/elements.tsx";
import { Section } from "../parts/states.tsx";
import { RefList } from "./refList.tsx";
import { TokenBar } from "./tokenBar.tsx";

/** A bundle as an agent gets it: its text, what each item costs, and what found no room. */
export function Bundle(props: {
  readonly bundle: BuildContextResult;
  readonly budget: number;
  /** A newer one is asked for. */
  readonly loading: boolean;
  readonly open: (id: string) => void;
}) {
  const { bundle, budget, loading, open } = props;
  const host = useHost();
  const announcer = useAnnouncer();
  return (
    <div class={`bundle ${loading ? "is-stale" : ""}`}>
      <TokenBar tokens={bundle.tokens} budget={budget} items={bundle.items} open={open} />
      <div class="bundle-columns">
        <section class="bundle-text" aria-label="The bundle">
          <div class="bundle-head">
            <h3>As the agent reads it</h3>
            <Button
              secondary
              icon="copy"
              onClick={() =>
                void host
                  .request("copyText", { text: bundle.markdown })
                  .then(() => announcer.tell({ text: "Copied" }), announcer.failed)
              }
            >
              Copy
            </Button>
          </div>
          <pre class="memory-text markdown" tabIndex={0}>
            {bundle.markdown === "" ? "Nothing is remembered that answers this." : bundle.markdown}
          </pre>
        </section>
        <div class="bundle-lists">
          {bundle.items.length > 0 && (
            <Section title="Items" count={bundle.items.length}>
              <RefList items={bundle.items} budget={bundle.tokens} open={open} />
            </Section>
          )}
          <Section title="Left out" count={bundle.dropped.length}>
            <RefList items={bundle.dropped} budget={budget} open={open} />
            <p class="muted stopped">
              <Icon name="info" /> {`Stopped as ${bundle.stoppedBecause}.`}
            </p>
          </Section>
        </div>
      </div>
    </div>
  );
}
