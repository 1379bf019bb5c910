import type { BuildContextResult } from "../../src/contract/tools.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon } from "../parts/elements.tsx";
import { Section } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
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
      <p class="muted bundle-facts">{factsOf(bundle).join(" ")}</p>
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
            {bundle.markdown === "" ? "Nothing that is remembered or in the code answers this." : bundle.markdown}
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

/** As what the question was understood, and what of the code is missing. */
function factsOf({ intent, code }: BuildContextResult): readonly string[] {
  return [
    ...(intent === undefined
      ? []
      : [`Understood as ${intent.name} (${Math.round(100 * intent.confidence)} %): ${intent.why.join("; ")}.`]),
    ...(code === undefined ? [] : CODE_FACTS[code.state](code.pending ?? 0)),
  ];
}

const CODE_FACTS: Readonly<
  Record<NonNullable<BuildContextResult["code"]>["state"], (pending: number) => readonly string[]>
> = {
  ready: () => [],
  partial: (pending) => [`${count(pending, "file is", "files are")} not indexed yet.`],
  none: () => ["The code is not indexed yet: these are memories alone."],
  off: () => ["Code is not indexed here: these are memories alone."],
};
