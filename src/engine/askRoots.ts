/** What several roots answered, in their order, and why the others could not. */
export interface Answers<Answer> {
  readonly answers: readonly { readonly name: string; readonly answer: Answer }[];
  readonly missing: { readonly missing?: { root: string; why: string }[] };
}

/** Where no root can answer, the first one's error is thrown. */
export async function askRoots<Root extends { readonly name: string }, Answer>(
  roots: readonly Root[],
  ask: (root: Root) => Promise<Answer>,
  how: "at once" | "in turn" = "at once",
): Promise<Answers<Answer>> {
  const answers: { name: string; answer: Answer }[] = [];
  const failures: { readonly root: string; readonly error: unknown }[] = [];
  const take = async (root: Root): Promise<void> => {
    try {
      answers.push({ name: root.name, answer: await ask(root) });
    } catch (error) {
      failures.push({ root: root.name, error });
    }
  };
  if (how === "at once") await Promise.all(roots.map(take));
  else for (const root of roots) await take(root);
  const order = new Map(roots.map(({ name }, at) => [name, at]));
  const placeOf = (name: string): number => order.get(name) ?? 0;
  const [first] = failures.sort((a, b) => placeOf(a.root) - placeOf(b.root));
  if (answers.length === 0 && first !== undefined) throw first.error;
  return {
    answers: answers.sort((a, b) => placeOf(a.name) - placeOf(b.name)),
    missing: failures.length === 0 ? {} : { missing: failures.map(({ root, error }) => ({ root, why: whyOf(error) })) },
  };
}

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What answers of several roots have to say of the indexes that they come from. */
export function shortcomingsOfAll(
  results: readonly { readonly pending?: number | undefined; readonly paused?: true | undefined }[],
): { readonly pending?: number; readonly paused?: true } {
  const pending = results.reduce((sum, one) => sum + (one.pending ?? 0), 0);
  return {
    ...(pending === 0 ? {} : { pending }),
    ...(results.some(({ paused }) => paused === true) ? { paused: true } : {}),
  };
}
