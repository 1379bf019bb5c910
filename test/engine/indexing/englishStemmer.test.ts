import { expect, it } from "vitest";
import { stemEnglish } from "../../../src/engine/indexing/englishStemmer.ts";

// From the sample vocabulary of https://snowballstem.org/algorithms/english/stemmer.html, and a word for each of its rules.
it.each(
  `consign consign, consigned consign, consigning consign, consignment consign, consist consist, consisted consist, consistency consist,
  consistent consist, consistently consist, consolation consol, consolations consol, console consol, consolidate consolid,
  consolingly consol, conspicuously conspicu, constables constabl, knack knack, knackeries knackeri, kneaded knead, knightly knight,
  knitting knit, knobs knob, caresses caress, ties tie, cries cri, gas gas, gaps gap, kiwis kiwi, agreed agre, feed feed, hopping hop,
  hoping hope, falling fall, luxuriated luxuri, sky sky, say say, by by, cry cri, happily happili, generously generous, generate generat,
  communism communism, arsenal arsenal, early earli, dying die, skies sky, news news, inning inning, proceeds proceed, succeeding succeed,
  rational ration, relational relat, conditional condit, hesitancy hesit, digitizer digit, vietnamization vietnam, operator oper,
  feudalism feudal, decisiveness decis, hopefulness hope, callousness callous, formality formal, sensitivity sensit, sensibility sensibl,
  analogy analog, triplicate triplic, formative format, electrical electr, goodness good, revival reviv, allowance allow, inference infer,
  adjustable adjust, defensible defens, replacement replac, adoption adopt, activate activ, bowdlerize bowdler, cease ceas, controlling control,
  roll roll, youthful youth, boyish boyish, invalidation invalid, invalidate invalid`
    .split(",")
    .map((pair) => pair.trim().split(" ") as [string, string]),
)("stems %s to %s", (word, stem) => {
  expect(stemEnglish(word)).toBe(stem);
});
