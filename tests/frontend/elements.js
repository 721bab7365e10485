/** What tests read of a description of the page. */

/** All elements of a tag. */
export function all(node, tag) {
  if (Array.isArray(node)) return node.flatMap((child) => all(child, tag));
  if (typeof node !== "object" || node === null) return [];
  return [...(node.tag === tag ? [node] : []), ...all(node.children, tag)];
}

/** Its words, run together. */
export const wordsOf = (node) =>
  typeof node === "string" ? node : (Array.isArray(node) ? node : node.children).map(wordsOf).join("");
