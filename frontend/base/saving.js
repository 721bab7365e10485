/** Saves what the page holds as a file. */

/** @param {string} name @param {string | Blob} content a blob, or a data: address */
export function save(name, content) {
  const href = typeof content === "string" ? content : URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href, download: name });
  link.click();
  if (typeof content !== "string") setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
