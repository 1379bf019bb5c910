import type { ExplorerView } from "../src/contract/explorer.ts";
import type { Place } from "./app.tsx";
import { CodeView } from "./code/codeView.tsx";
import { ContextView } from "./context/contextView.tsx";
import { HealthView } from "./health/healthView.tsx";
import { LanesView } from "./lanes/lanesView.tsx";
import { ReceiptsView } from "./receipts/receiptsView.tsx";
import { ReviewView } from "./review/reviewView.tsx";

/** Every view but the list: they and what only they need are one part of the page, loaded after the first list. */
export function OtherView(props: {
  readonly view: Exclude<ExplorerView, "memories">;
  readonly question: string;
  readonly go: (change: Partial<Place>) => void;
  readonly open: (id: string) => void;
}) {
  const { view, question, go, open } = props;
  switch (view) {
    case "lanes":
      return <LanesView go={go} open={open} />;
    case "code":
      return <CodeView open={open} />;
    case "context":
      return <ContextView question={question} open={open} />;
    case "receipts":
      return <ReceiptsView open={open} />;
    case "review":
      return <ReviewView open={open} />;
    case "health":
      return <HealthView />;
  }
}
