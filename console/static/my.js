// The first page of a patient, kept fresh while somebody looks at it.
// @ts-check
import { fragment, signedOut, toast } from "./page.js";

const EVERY_MS = 60_000;
const holder = /** @type {HTMLElement | null} */ (document.querySelector("[data-refresh]"));
/** What the page was made of: what comes between that and the first look is news too. */
let known = holder?.dataset.mark;

/** Asks whether something is new: this is no sign that somebody is there, and names nobody. */
async function look() {
  if (!holder || document.hidden) return;
  let answer;
  try {
    answer = await fetch("/my/pulse", { headers: { Accept: "application/json" } });
  } catch {
    return; // Away from the net: the page says itself of when it is.
  }
  if (answer.status === 401) signedOut();
  if (!answer.ok) return;
  const mark = String((await answer.json()).mark);
  if (known === mark) return;
  known = mark;
  await show(holder);
}

/** @param {HTMLElement} where */
async function show(where) {
  // Whoever is in the middle of it with the keyboard is left there.
  const kept = where.contains(document.activeElement);
  const fresh = await fragment(where.dataset.refresh ?? "/my");
  if (!kept) where.replaceChildren(fresh);
  toast(document.querySelector("[data-new]")?.getAttribute("data-new") ?? "");
}

if (holder) {
  look();
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
