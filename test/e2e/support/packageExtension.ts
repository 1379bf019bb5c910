import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const repository = join(import.meta.dirname, "../../..");
const run = promisify(execFile);

/** Packs what lies in dist/ as `npm run package` does, into `file`. */
export async function packageHeirloom(file: string): Promise<string> {
  await run("npm", ["run", "--silent", "vsix", "--", "--out", file], { cwd: repository });
  return file;
}

/** Packs the extension through which tests ask inside the extension host. */
export async function packageProbe(file: string): Promise<string> {
  const vsce = join(repository, "node_modules/@vscode/vsce/vsce");
  const flags = [
    "--no-dependencies",
    "--allow-missing-repository",
    "--skip-license",
    "--allow-star-activation",
    "--out",
    file,
  ];
  await run(process.execPath, [vsce, "package", ...flags], { cwd: join(repository, "test/e2e/probe") });
  return file;
}
