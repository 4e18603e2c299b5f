// What the server counted of the whole queue, of which the page lists the rows that come first.
// @ts-check

/** @typedef {{at: number, summary: string, hidden: number, listed: number, more: number, words: string, cut: string, urgent: number}} Tally */

/** @param {HTMLElement | null} made @returns {Tally} */
function read(made) {
  const { at = "", summary = "", hidden, listed, more, moreWords = "", cut = "", urgent } = made?.dataset ?? {};
  return {
    at: Date.parse(at), summary, hidden: Number(hidden), listed: Number(listed), more: Number(more),
    words: moreWords, cut, urgent: Number(urgent),
  };
}

const searched = Boolean(document.getElementById("q-rows")?.dataset.searched);
let kept = read(document.getElementById("q-tally"));

export const tally = () => kept;

/** Of an answer of the server: the newest holds. @param {DocumentFragment} made */
export function take(made) {
  const found = /** @type {HTMLElement | null} */ (made.querySelector("#q-tally"));
  found?.remove();
  const next = read(found);
  if (!(next.at >= kept.at)) return;
  // What a search has found is told by the page that it made: fragments know nothing of it.
  kept = searched ? { ...kept, at: next.at, summary: next.summary, urgent: next.urgent } : next;
}

/** The place behind which nothing is listed; empty where everything is. */
export const cut = () => (searched ? "" : kept.cut);
/** Rows are missing here that the server lists. @param {number} rows */
export const short = (rows) => !searched && rows < kept.listed;
