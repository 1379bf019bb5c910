import { EmptyState } from "../parts/states.tsx";

/** In place of answers while there is no index: Index makes one. */
export function NotIndexed() {
  return (
    <EmptyState icon="database" title="The code is not indexed yet">
      <p class="muted">Index begins at once; an agent that asks about the code has it indexed too.</p>
    </EmptyState>
  );
}
