/** Descriptions of DOM trees, and the one function that makes the page look like them. */

/** @typedef {{tag: string, props: Record<string, any>, children: Child[]}} Node */
/** @typedef {Node | string} Child */
/** @typedef {Child | number | null | undefined | false | Content[]} Content */

const NAMESPACES = /** @type {Record<string, string>} */ ({
  math: "http://www.w3.org/1998/Math/MathML",
  svg: "http://www.w3.org/2000/svg",
});

/**
 * `key` tells siblings apart. What is `foreign` is filled by someone else, such as Plotly.
 */
const OWN = new Set(["key", "foreign"]);

/** These mirror what the user did, so they are set as properties; all others are attributes. */
const PROPERTIES = new Set(["value", "checked", "open", "disabled", "readOnly"]);

/**
 * Describes an element. `null` and `false` among the children are left out; numbers become text.
 * @param {string} tag @param {Record<string, any> | null} [props] @param {...Content} content
 * @returns {Node}
 */
export function h(tag, props, ...content) {
  return { tag, props: props ?? {}, children: flatten(content) };
}

/** @param {Content[]} content @returns {Child[]} */
function flatten(content) {
  return content.flatMap((item) => {
    if (Array.isArray(item)) return flatten(item);
    if (item === null || item === undefined || item === false) return [];
    return [typeof item === "number" ? String(item) : item];
  });
}

/** @type {WeakMap<globalThis.Node, Node>} */
const described = new WeakMap();

/**
 * Makes the children of an element equal to a description, keeping the elements that are there
 * already, so that focus, selection and scroll positions survive.
 * @param {Element} parent @param {...Content} content
 */
export function render(parent, ...content) {
  const children = flatten(content);
  children.forEach((child, index) => {
    const present = parent.childNodes[index];
    const wanted = present && matches(present, child) ? present : create(parent, child);
    if (!present) parent.append(wanted);
    else if (wanted !== present) present.replaceWith(wanted);
    update(wanted, child);
  });
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}

/** @param {globalThis.Node} present @param {Child} child */
function matches(present, child) {
  if (typeof child === "string") return present.nodeType === 3;
  const before = described.get(present);
  return before?.tag === child.tag && before.props.key === child.props.key;
}

/** @param {Element} parent @param {Child} child */
function create(parent, child) {
  if (typeof child === "string") return document.createTextNode(child);
  return document.createElementNS(NAMESPACES[child.tag] ?? parent.namespaceURI, child.tag);
}

/** @param {globalThis.Node} present @param {Child} child */
function update(present, child) {
  if (typeof child === "string") {
    if (present.nodeValue !== child) present.nodeValue = child;
    return;
  }
  const element = /** @type {Element} */ (present);
  if (described.get(element) === child) return; // a view may keep what has not changed
  const before = described.get(element)?.props ?? {};
  described.set(element, child);
  if (!child.props.foreign) render(element, ...child.children); // first: the value of a select names one of its options
  for (const name of new Set([...Object.keys(before), ...Object.keys(child.props)])) {
    // A select forgets a value for which it has no option yet.
    if (before[name] !== child.props[name] || child.tag === "select") set(element, name, child.props[name]);
  }
}

/** @param {any} element @param {string} name @param {any} value */
function set(element, name, value) {
  if (OWN.has(name)) return;
  if (name.startsWith("on")) element[name] = value ?? null;
  else if (PROPERTIES.has(name)) {
    if (element[name] !== value) element[name] = value ?? "";
  } else if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}
