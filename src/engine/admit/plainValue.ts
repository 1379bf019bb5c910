/**
 * Whether a value of a .env file is one that texts hold anyway, so that it is not redacted: words (also several, joined by anything), numbers,
 * booleans, versions, addresses without credentials, paths, host names. `secretName`: the variable is called a secret; then only a single word
 * (at most 15 letters), a number, a boolean or a path is plain, so that a pass phrase is redacted.
 */
export function isPlainValue(value: string, secretName: boolean): boolean {
  const credentials = /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*:[^/\s]*@/iu.test(value);
  if (credentials) return false;
  const segments = value
    .replace(/^[a-z][a-z0-9+.-]*:\/\//iu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((segment) => segment !== "");
  if (!segments.every(isPlainSegment)) return false;
  if (!secretName) return true;
  const single = segments.length <= 1 && value.length <= 15;
  const numbers = segments.every((segment) => /^\d+$/u.test(segment));
  return single || numbers || /^(?:[a-z]+:\/\/|[./~]|[A-Za-z]:[\\/])/u.test(value);
}

/** Whether the name of a variable says that its value is a secret. */
export const isSecretName = (name: string): boolean =>
  /SECRET|TOKEN|PASS|PWD|KEY|CREDENTIAL|PRIVATE|AUTH|SALT|SIGNATURE|DSN|WEBHOOK/iu.test(name);

/** A number, a short mix such as v2 or x64, or words run together in camelCase. */
function isPlainSegment(segment: string): boolean {
  if (/^\p{N}+$/u.test(segment) || segment.length <= 3) return true;
  if (/\p{N}/u.test(segment)) return /^[vV]?\d{1,4}[a-z]{0,2}$|^[a-z]{1,4}\d{1,3}$/u.test(segment);
  const words = segment.match(/\p{Lu}?[\p{Ll}\p{Lo}]+|\p{Lu}+(?!\p{Ll})/gu) ?? [segment];
  return segment.length / words.length >= 3 && words.every(isWord);
}

/** Letters that can be spoken: a vowel, and no five consonants on end. Other scripts than Latin are taken for words. */
const isWord = (letters: string): boolean =>
  !/^[a-z]+$/iu.test(letters) || letters.length <= 3 || (/[aeiouy]/iu.test(letters) && !/[^aeiouy]{5}/iu.test(letters));
