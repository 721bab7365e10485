/** Outlines what the tour points at, and keeps it in sight until the reader moves on their own. */

/** @import {Point} from "./stops.js" */
import { rowOf } from "../charts/plot.js";

const MARK = "data-pointed";
const ROOM = 12; // CSS pixels above and below
const OWN_WAYS = ["wheel", "touchmove", "pointerdown", "keydown"];
const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** @param {HTMLElement} foot  what stands over the end of the page where it is narrow */
export function createPointer(foot) {
  /** @type {number | null} */
  let shown = null;
  let isLed = false;
  for (const way of OWN_WAYS) addEventListener(way, () => (isLed = false), { capture: true, passive: true });

  return (/** @type {number | null} */ stop, /** @type {Point[]} */ points) => {
    const found = points.map(elementOf).filter((element) => element !== null);
    mark(found);
    if (stop !== shown) isLed = stop !== null;
    shown = stop;
    if (isLed && found.length === points.length) reveal(found, foot);
  };
}

/** @param {Element[]} elements */
function mark(elements) {
  for (const element of document.querySelectorAll(`[${MARK}]`)) {
    if (!elements.includes(element)) element.removeAttribute(MARK);
  }
  for (const element of elements) element.setAttribute(MARK, "");
}

/** What is not drawn yet, or hidden, is not there. @param {Point} point @returns {Element | null} */
function elementOf(point) {
  const element = typeof point === "string" ? document.querySelector(point) : rowOf(point.chart, point.row);
  return element && element.getClientRects().length > 0 ? element : null;
}

/**
 * In the middle of what is seen of its surroundings, or from its top on where it is higher.
 * @param {Element[]} elements @param {HTMLElement} foot
 */
function reveal(elements, foot) {
  const [first] = elements;
  const scroller = first && scrollerOf(first);
  if (!scroller) return;
  const rects = elements.filter((element) => scroller.contains(element)).map((each) => each.getBoundingClientRect());
  const [top, bottom] = [Math.min(...rects.map((rect) => rect.top)), Math.max(...rects.map((rect) => rect.bottom))];
  const [least, most] = seenOf(scroller, foot);
  const room = Math.max(ROOM, (most - least - (bottom - top)) / 2);
  if (top >= least + ROOM && bottom <= most - ROOM) return;
  scroller.scrollBy({ top: top - least - room, behavior: still?.matches ? "instant" : "smooth" });
}

/** @param {Element} scroller @param {HTMLElement} foot @returns {[number, number]} */
function seenOf(scroller, foot) {
  const { top, bottom } = scroller.getBoundingClientRect();
  return [Math.max(0, top), Math.min(bottom, foot.getBoundingClientRect().top)];
}

/** @param {Element} element */
function scrollerOf(element) {
  for (let around = element.parentElement; around; around = around.parentElement) {
    const isScrolled = around.scrollHeight > around.clientHeight;
    if (isScrolled && /auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  }
  return document.scrollingElement;
}
