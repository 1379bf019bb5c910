import { describe, expect, it } from "vitest";
import { Analyser, MAX_TERM_LENGTH } from "../../../src/engine/indexing/analyser.ts";

function terms(text: string): string[] {
  const found: string[] = [];
  new Analyser().scan(text, (analysis) => found.push(...analysis.terms));
  return found;
}

describe("analyser", () => {
  it.each([
    ["getUserName", ["get", "user", "name", "getusernam"]],
    ["get_user_name", ["get", "user", "name", "getusernam"]],
    ["GET_USER__NAME", ["get", "user", "name", "getusernam"]],
    ["get-user-name", ["get", "user", "name", "getusernam"]],
    ["user name", ["user", "name"]],
    ["HTTPServer", ["http", "server", "httpserver"]],
    ["parsePDFs", ["pars", "pdfs", "parsepdf"]],
    ["sha256", ["sha", "256", "sha256"]],
    ["Map.groupBy", ["map", "group", "by", "groupbi", "mapgroupbi"]],
    ["src/engine/textIndex.ts", ["src", "engin", "text", "index", "ts", "textindex", "srcenginetextindext"]],
    ["C:\\Temp\\a.txt", ["c", "temp", "a", "txt", "tempatxt"]],
    ["v1.16.0", ["v", "1", "16", "0", "v1", "v1160"]],
    ["C++ and C#", ["c++", "and", "c#"]],
    ["don't", ["dont"]],
    ["Caroline's", ["carolin"]],
    ["_private", ["privat"]],
    ["end. Next", ["end", "next"]],
    ["da39a3ee5e6b4b0d3255", ["da39a3ee5e6b4b0d3255"]],
    ["F529eac", ["f529eac"]],
    ["x1y2z3w4", ["x1y2z3w4"]],
  ])("splits %s", (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  it.each([
    ["Café", "cafe"],
    ["Ångström", "angstrom"],
    ["ﬁle", "file"],
    ["ПРИВЕТ", "привет"],
    ["Straße", "strasse"],
    ["ΛΌΓΟΣ", "λογος"],
  ])("folds %s as %s", (text, same) => {
    expect(terms(text)).toEqual(terms(same));
  });

  it("cuts scripts without spaces into bigrams, and keeps a single character", () => {
    expect(terms("東京都に")).toEqual(["東京", "京都", "都に"]);
    expect(terms("猫")).toEqual(["猫"]);
    expect(terms("안녕하세요")[0]).toBe("안녕");
    expect(terms("use東京now")).toEqual(["use", "東京", "now"]);
  });

  it("keeps words of other scripts whole, marks included", () => {
    expect(terms("नमस्ते दुनिया")).toEqual(["नमस्ते", "दुनिया"].map((word) => word.normalize("NFC")));
    expect(terms("𐐀𐐨 🎉")).toEqual(["𐐨𐐨", "🎉"]);
  });

  it("gives no term longer than the limit, whatever comes", () => {
    for (const text of [
      "x".repeat(10_000),
      "aB".repeat(5_000),
      "a.".repeat(5_000),
      "漢".repeat(1_000),
      "ß".repeat(200),
    ]) {
      const found = terms(text);
      expect(found.length).toBeGreaterThan(0);
      for (const term of found) expect(term.length).toBeLessThanOrEqual(MAX_TERM_LENGTH);
    }
  });

  it("gives the same terms again when it remembers a word", () => {
    const analyser = new Analyser();
    const once: string[][] = [];
    for (let round = 0; round < 2; round++) {
      const all: string[] = [];
      for (let n = 0; n < 40_000; n++) analyser.scan(`word${n}`, (analysis) => all.push(...analysis.terms));
      once.push(all);
    }
    expect(once[1]).toEqual(once[0]);
  });
});
