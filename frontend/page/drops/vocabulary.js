/** Which files hold a vocabulary. */

const LARGEST = 2 ** 24; // bytes

/**
 * Whether a file is a vocabulary: tokens and their numbers, numbers and their tokens, or a list of tokens.
 * @param {File} file
 */
export async function isVocabulary(file) {
  if (/\.vocab$/i.test(file.name)) return true;
  if (!/\.json$/i.test(file.name) || file.size > LARGEST) return false;
  const content = await file
    .text()
    .then(JSON.parse)
    .catch(() => null);
  if (content === null || typeof content !== "object") return false;
  const [keys, values] = [Object.keys(content), Object.values(content)];
  const areTexts = values.every((value) => typeof value === "string");
  const areNumbers = Array.isArray(content) || keys.every((key) => /^\d+$/.test(key));
  return values.length > 0 && (areTexts ? areNumbers : !Array.isArray(content) && values.every(Number.isInteger));
}
