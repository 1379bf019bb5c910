/**
 * Whether a command may have mended what failed before it: it changes something, as an installation or a migration does. One that only looks,
 * tests or waits mends nothing; a later success is then luck, or of another cause.
 */
export function mayMend(command: string): boolean {
  return command
    .split(/&&|\|\||[;|\n]/u)
    .map((part) => part.trim().replace(/^(?:\w+=\S*\s+)+/u, ""))
    .some((part) => part !== "" && !LOOKS.test(part) && !TESTS.test(part));
}

const LOOKS =
  /^(?:cd|ls|ll|cat|bat|head|tail|less|more|grep|rg|ag|find|fd|echo|printf|pwd|which|whereis|type|command|wc|stat|file|tree|du|df|ps|top|env|printenv|date|whoami|uname|sleep|wait|true|test|\[|diff|cmp|jq|sort|uniq|cut|awk|column|xxd|curl|wget|ping|lsof|man|help|history|sed\s+-n|git\s+(?:status|log|diff|show|branch|blame|grep|remote|rev-parse|ls-files|fetch|add|commit|push|describe)|(?:npm|pnpm|yarn|bun)\s+(?:ls|list|view|info|outdated|why|explain|audit(?!\s+fix))|(?:docker|kubectl)\s+(?:ps|logs|get|describe|inspect|images)|\S+\s+(?:--version|-v|-V|--help|-h)$)(?=\s|$)/u;

const TESTS =
  /^(?:npx\s+|pnpm\s+(?:exec|dlx)\s+|yarn\s+|bunx\s+|uv\s+run\s+|poetry\s+run\s+|python3?\s+-m\s+)?(?:(?:npm|pnpm|yarn|bun)\s+(?:t|test|run\s+(?:test|lint|check|typecheck|format)\S*)|vitest|jest|mocha|ava|playwright\s+test|pytest|unittest|tox|ruff|mypy|eslint|prettier|tsc|cargo\s+(?:test|check|clippy)|go\s+(?:test|vet)|mvn\s+test|gradle\s+test|\.\/gradlew\s+test|dotnet\s+test|rspec|phpunit)(?=\s|$)/u;
