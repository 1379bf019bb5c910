import { mix } from "../../contract/mix.ts";

/**
 * The words of a text as hashes, after case folding and with white space and punctuation left out, for comparing texts. Letters of scripts that
 * write without spaces are words of their own. Fills no strings: a text of 1 MB costs a few milliseconds.
 */
export function wordHashes(text: string): Uint32Array {
  const folded = text.toLowerCase();
  const hashes = new Uint32Array((folded.length >> 1) + 1 + (ASCII.test(folded) ? 0 : folded.length));
  let count = 0;
  let hash = 0;
  let open = false;
  for (let at = 0; at < folded.length; at++) {
    const unit = folded.charCodeAt(at);
    const inWord = isWordUnit(unit);
    const alone = inWord && isOwnWord(unit);
    if (open && (!inWord || alone)) {
      hashes[count++] = mix(hash);
      open = false;
    }
    if (alone) hashes[count++] = mix(unit);
    else if (inWord) {
      hash = Math.imul((open ? hash : FNV_OFFSET) ^ unit, FNV_PRIME);
      open = true;
    }
  }
  if (open) hashes[count++] = mix(hash);
  return hashes.subarray(0, count);
}

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const ASCII = /^[\x00-\x7f]*$/u;

export function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return mix(hash);
}

function isWordUnit(unit: number): boolean {
  if (unit < 128) return ASCII_WORD[unit] === 1;
  // Latin-1 signs, general and CJK punctuation and the full-width forms of ASCII's separate; all else counts as letters.
  if (unit < 0xc0) return unit === 0xaa || unit === 0xb5 || unit === 0xba;
  if (unit < 0xff00) return !((unit >= 0x2000 && unit <= 0x206f) || (unit >= 0x3000 && unit <= 0x303f));
  return (
    (unit >= 0xff10 && unit <= 0xff19) ||
    (unit >= 0xff21 && unit <= 0xff3a) ||
    (unit >= 0xff41 && unit <= 0xff5a) ||
    unit > 0xff65
  );
}

const ASCII_WORD = Uint8Array.from({ length: 128 }, (_, unit) =>
  /[a-z0-9_]/u.test(String.fromCharCode(unit)) ? 1 : 0,
);

/** Ideographs, kana, hangul, Thai and the surrogates of rare ideographs and emoji. */
const isOwnWord = (unit: number): boolean => unit >= 0x0e00 && ((unit >= 0x2e80 && unit <= 0xdfff) || unit <= 0x0eff);
