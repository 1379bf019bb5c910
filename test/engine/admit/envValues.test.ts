import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEnvSecrets, isEnvFile, parseEnv } from "../../../src/engine/admit/envValues.ts";

let workspace = "";
let now = 0;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "heirloom-env-"));
});
afterEach(() => rm(workspace, { recursive: true }));

const open = (): ((workspace: string) => Promise<readonly { name: string; value: string }[]>) =>
  createEnvSecrets({
    readWorkspaceFile: (path) => readFile(path, "utf8").catch(() => undefined),
    listWorkspaceFolder: (path) => readdir(path),
    monotonic: () => now,
  });

describe("secrets of .env files", () => {
  it("come from .env and .env.*, not from templates", async () => {
    await writeFile(join(workspace, ".env"), "A=k9Xq2mPz7w\n");
    await writeFile(join(workspace, ".env.local"), "B=zz81-KKp0-yy\n");
    await writeFile(join(workspace, ".env.example"), "C=n0tR3ally4Secret\n");
    const names = (await open()(workspace)).map(({ name }) => name).sort();
    expect(names).toEqual(["A", "B"]);
  });

  it("are read again after a second", async () => {
    const secretsOf = open();
    expect(await secretsOf(workspace)).toEqual([]);
    await writeFile(join(workspace, ".env"), "A=k9Xq2mPz7w\n");
    now += 1_001;
    expect(await secretsOf(workspace)).toHaveLength(1);
  });

  it("are not taken for none when a file cannot be read", async () => {
    let broken = true;
    const secretsOf = createEnvSecrets({
      readWorkspaceFile: () => (broken ? Promise.reject(new Error("EIO")) : Promise.resolve("A=k9Xq2mPz7w")),
      listWorkspaceFolder: () => Promise.resolve([".env"]),
      monotonic: () => 0,
    });
    await expect(secretsOf("/w")).rejects.toThrow("EIO");
    broken = false;
    expect(await secretsOf("/w")).toHaveLength(1);
  });

  const valuesOf = async (text: string): Promise<readonly string[]> => {
    await writeFile(join(workspace, ".env"), text);
    return (await open()(workspace)).map(({ value }) => value);
  };

  it.each([
    "A=k9Xq2mPz7w",
    "A='two words w1th-d1gits'",
    'A="quoted#h4sh"  # comment',
    "export A=Password123!",
    "A=xkcdqwrtzplm",
    "A=postgres://app:k9Xq2mPz@db/main",
    "API_SECRET=correct-horse-battery-staple",
    "API_SECRET=correcthorsebatterystaple",
    "A: yaml5tyleV4lue",
  ])("hold the value of %s", async (line) => {
    expect(await valuesOf(line)).not.toEqual([]);
  });

  it.each([
    "A=short1",
    "A=development",
    "DB_PASSWORD=postgres",
    "A=12345678901",
    "A=1.25e10",
    "A=true",
    "A=https://api.corp.example.com/v2/items",
    "A=/usr/local/share/heirloom",
    "KEY_FILE=/etc/ssl/private/server.pem",
    "A=my-app-name",
    "A=us-east-1",
    "A=production,staging,test",
    "A=someCamelCaseName",
    "# A=k9Xq2mPz7w",
    "A=",
  ])("leave %s alone", async (line) => {
    expect(await valuesOf(line)).toEqual([]);
  });

  it("hold the password of an address on its own too", async () => {
    expect(await valuesOf("URL=postgres://app:k9Xq2mPz7w@db/main")).toContain("k9Xq2mPz7w");
  });
});

describe("reading .env files", () => {
  it("knows quotes, lines, comments and export", () => {
    const text = "A=1 # one\r\nexport B = 'x # y'\nC=\"l1\nl2\"\nnonsense\nD=`t`\nE=a#b\n";
    expect(parseEnv(text).map(({ name, value }) => `${name}=${value}`)).toEqual([
      "A=1",
      "B=x # y",
      "C=l1\nl2",
      "D=t",
      "E=a#b",
    ]);
  });

  it("names its files", () => {
    expect(
      [".env", ".env.production", ".envrc", "x.env", ".env.sample", ".env.local.template"].filter(isEnvFile),
    ).toEqual([".env", ".env.production"]);
  });
});
