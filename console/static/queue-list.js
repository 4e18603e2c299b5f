// The rows: put where they belong, and never moved or replaced under somebody's hand.
// @ts-check
import { pieces } from "./queue-slices.js";
import { cut, take } from "./queue-tally.js";
import { count } from "./queue-time.js";

const list = /** @type {HTMLElement} */ (document.getElementById("q-rows"));
const room = /** @type {HTMLElement} */ (document.getElementById("q-room"));
const said = document.getElementById("q-said");
const pill = /** @type {HTMLElement | null} */ (document.getElementById("q-new"));
export const OPEN = ["open", "escalated", "awaiting_repeat"];
/** Rows as the server has them by now, for those that somebody is on. @type {Map<HTMLElement, HTMLElement | null>} */
const later = new Map();
/** @type {HTMLElement[]} */
let fresh = [];
let announcing = 0;
list.addEventListener("animationend", (event) => rowAt(/** @type {Element} */ (event.target))?.classList.remove("fresh"));

/** @param {string} subject @returns {HTMLElement | null} */
export const find = (subject) => document.getElementById(`row-${subject.replace(":", "-")}`);
/** @param {boolean} [all] also those that a search hides @returns {HTMLElement[]} */
export const visible = (all = false) => [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(all ? ":scope > .q-row" : ":scope > .q-row:not([hidden])"))];
/** @param {Element | null} [from] @returns {HTMLElement | null} */
export const rowAt = (from = document.activeElement) => from?.closest(".q-row") ?? null;

/** The row that must stay where it is. @returns {HTMLElement | null} */
function held() {
  return rowAt() ?? list.querySelector(":scope > .q-row:hover");
}

/** @param {HTMLElement} row */
const isHeld = (row) => row === rowAt() || row.matches(":hover") || row.querySelector(".q-more") !== null;

/**
 * Changes the list and leaves what somebody looks at where it is. Asking where that is lays out the
 * page: it is not asked where all that changes stands behind it.
 * @param {() => void} change @param {(on: HTMLElement) => boolean} [behind]
 */
function still(change, behind) {
  const fixed = held();
  if (fixed && behind?.(fixed)) return change();
  const on = fixed ?? (scrollY > 0 ? (visible().find((row) => row.getBoundingClientRect().bottom > 0) ?? null) : null);
  const before = on?.getBoundingClientRect().top ?? 0;
  change();
  if (!on?.isConnected) return;
  const moved = on.getBoundingClientRect().top - before;
  if (Math.abs(moved) < 1) return;
  const short = scrollY + moved - (document.documentElement.scrollHeight - innerHeight);
  if (short > 0) room.style.height = `${room.offsetHeight + Math.ceil(short)}px`;
  scrollBy({ top: moved, behavior: "instant" });
}

/** Laid out in full when it comes, wherever it is: how high it is must be known, not guessed. @param {Iterable<Element>} rows */
function measured(rows) {
  const all = [...rows];
  for (const row of all) row.classList.add("unmeasured");
  requestAnimationFrame(() => requestAnimationFrame(() => {
    for (const row of all) row.classList.remove("unmeasured");
  }));
}

/** @param {Element | null} row */
const keyOf = (row) => row?.getAttribute("data-key") ?? "";

/** @param {HTMLElement} row */
function place(row) {
  const key = keyOf(row);
  const [before, after] = [row.previousElementSibling, row.nextElementSibling];
  if (row.parentNode === list && (!before || keyOf(before) < key) && (!after || keyOf(after) > key)) return;
  for (let other = list.firstElementChild; other; other = other.nextElementSibling) {
    if (other !== row && keyOf(other) > key) {
      if (row.nextElementSibling !== other) list.insertBefore(row, other);
      return;
    }
  }
  list.append(row);
}

/** Says in the row that there is something newer. @param {HTMLElement} row @param {string} words @param {boolean} show */
function note(row, words, show) {
  row.querySelector(".q-note-here")?.remove();
  const made = document.createElement("p");
  made.className = "q-note-here";
  made.append(words);
  if (show) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = "Show";
    button.addEventListener("click", () => settle(row, true));
    made.append(button);
  }
  row.append(made);
}

/** The row as it is now, where nobody is in its way any more. @param {HTMLElement} row @param {boolean} [here] */
export function settle(row, here = false) {
  if (!later.has(row)) return;
  const next = later.get(row) ?? null;
  later.delete(row);
  const open = row.querySelector(".q-more") !== null;
  still(() => {
    if (next === null) row.remove();
    else {
      become(row, next);
      if (!here) place(row);
    }
  });
  if (here && open) /** @type {HTMLElement | null} */ (row.querySelector("a.q-details"))?.click();
  changed();
}

/** Why a row is gone from the list. @type {Record<string, string>} */
const GONE = {
  over: "No longer waiting.",
  filtered: "It is not in this view any more.",
  beyond: "Others come first by now: it waits, and is not among the rows listed any more.",
  unlisted: "It is not in this list any more.",
};

/** @param {HTMLElement} row @param {HTMLElement | null} next @param {string} why */
function hold(row, next, why) {
  later.set(row, next);
  if (next === null) {
    row.classList.add("gone");
    for (const each of row.querySelectorAll("button")) each.disabled = true;
    note(row, GONE[why], false);
  } else if (next.dataset.refs !== row.dataset.refs) note(row, "This row has changed.", true);
}

/** @typedef {{next: HTMLElement | null, why: string, news: boolean}} Change what comes up from behind is no news */
/** What has still to be done, by row: the latest holds. @type {Map<string, Change>} */
const waiting = new Map();
const soon = pieces((over) => {
  still(() => {
    for (const [name, change] of waiting) {
      waiting.delete(name);
      one(name, change);
      if (over()) break;
    }
    if (!waiting.size) {
      trim();
      changed();
    }
  }, (on) => !cut() === document.getElementById("q-beyond")?.hidden && [...waiting].every(([name, { next }]) => after(find(name), on) && (!next || keyOf(next) > keyOf(on))));
  if (!waiting.size) announce();
  return waiting.size > 0;
});

/**
 * @param {DocumentFragment} made rows by the server @param {string[] | null} asked which were asked for; null: all
 * @param {string} [mine] the row that somebody has just acted on: it changes in place, and at once
 */
export function apply(made, asked, mine) {
  /** @type {Map<string, HTMLElement>} */
  const found = new Map();
  /** @type {Map<string, string>} */
  const why = new Map();
  take(made);
  for (const each of made.querySelectorAll("li")) {
    const name = each.dataset.subject ?? "";
    if (each.dataset.why) why.set(name, each.dataset.why);
    else found.set(name, each);
  }
  const names = asked ?? [...list.children].map((each) => /** @type {HTMLElement} */ (each).dataset.subject ?? "");
  for (const name of new Set([...names, ...found.keys()])) {
    const change = {
      next: found.get(name) ?? null,
      why: why.get(name) ?? (asked ? "over" : "unlisted"),
      news: !asked || asked.includes(name),
    };
    waiting.delete(name);
    if (name !== mine) waiting.set(name, change);
    else still(() => swap(name, change));
  }
  if (mine) changed();
  soon();
}

/** @param {Element | null} row what is not there is nowhere before it @param {Element} on */
const after = (row, on) => row === null || (on.compareDocumentPosition(row) & 4) !== 0;

/** Rows that others have pushed out of the list. */
function trim() {
  const last = cut();
  if (!last) return;
  for (const row of visible(true)) if (keyOf(row) > last && !isHeld(row) && !later.has(row)) row.remove();
}

/** @param {string} name @param {Change} change */
function one(name, { next, why, news }) {
  const old = find(name);
  if (!old) {
    if (!next) return;
    dress(next);
    measured([next]);
    count(next);
    place(next);
    if (news) fresh.push(next);
    return;
  }
  later.delete(old);
  const above = next ? null : held();
  const pulls = above !== null && scrollY < old.offsetHeight && (old.compareDocumentPosition(above) & 4) !== 0;
  if (isHeld(old) || pulls) return hold(old, next, why);
  if (!next) return old.remove();
  if (woken(old, next)) fresh.push(old);
  become(old, next);
  place(old);
}

/** What somebody's own doing has made of it, in the same place, with the focus where it was. @param {string} name @param {Change} change */
function swap(name, change) {
  const old = find(name);
  if (!old || !change.next) return one(name, change);
  const on = old.contains(document.activeElement) || document.activeElement === document.body;
  become(old, change.next);
  if (on && !old.contains(document.activeElement)) old.querySelector("a")?.focus({ preventScroll: true });
  later.set(old, old);
}

/**
 * The same row as the server has it by now: only the parts that differ are put in, so that a tick
 * stays a tick, and how high it is stays known. @param {HTMLElement} row @param {HTMLElement} next
 */
function become(row, next) {
  if (row === next) return;
  const open = (/** @type {HTMLElement} */ each) => OPEN.includes(each.dataset.state ?? "");
  const acts = open(row) !== open(next) || row.querySelector(".q-details")?.textContent !== next.querySelector(".q-details")?.textContent || row.classList.contains("gone");
  const on = row.contains(document.activeElement);
  for (const part of row.querySelectorAll(":scope > .q-more, :scope > .q-note-here")) part.remove();
  for (const name of [".q-sev", ".q-main", ".q-num", ".q-acts"]) {
    const [was, is] = [row, next].map((each) => each.querySelector(`:scope > ${name}`));
    if (was && is && (name === ".q-acts" ? acts : !was.isEqualNode(is))) was.replaceWith(is);
  }
  const kept = ["picked", "fresh"].filter((each) => row.classList.contains(each));
  for (const { name, value } of next.attributes) if (row.getAttribute(name) !== value) row.setAttribute(name, value);
  if (!next.dataset.looker) delete row.dataset.looker;
  row.classList.add(...kept);
  if (acts) dress(row);
  count(row);
  if (on && !row.contains(document.activeElement)) row.querySelector("a")?.focus({ preventScroll: true });
}

/** Somebody has to look again. @param {HTMLElement} old @param {HTMLElement} next */
const woken = (old, next) => (old.dataset.key ?? "")[1] !== "0" && (next.dataset.key ?? "")[1] === "0";

/** Puts in what only scripts can do: a tick and buttons. @param {HTMLElement} row */
export function dress(row) {
  const parts = /** @type {HTMLTemplateElement | null} */ (document.getElementById("q-parts"));
  const acts = row.querySelector(".q-acts");
  if (!parts || !acts || acts.querySelector(".q-next")) return;
  const made = /** @type {DocumentFragment} */ (parts.content.cloneNode(true));
  const [first, other] = OPEN.includes(row.dataset.state ?? "") ? ["acknowledge", "resolve"] : ["resolve", "acknowledge"];
  made.querySelector(`.q-next[data-action=${other}]`)?.remove();
  made.querySelector(`.q-icon[data-action=${first}]`)?.remove();
  const name = row.querySelector("h2")?.textContent ?? "";
  for (const words of made.querySelectorAll(".hidden-text")) words.textContent += ` ${name}`;
  const pick = made.querySelector(".q-pick");
  if (!row.querySelector("[data-pick]") && pick) row.prepend(pick);
  else pick?.remove();
  acts.prepend(made);
}

function announce() {
  if (!fresh.length) return;
  for (const row of fresh) row.classList.add("fresh");
  document.dispatchEvent(new CustomEvent("queue:new", { detail: fresh.map((row) => row.dataset.severity) }));
  clearTimeout(announcing);
  // After a frame, when everything has its place already: asking for it then costs nothing.
  announcing = setTimeout(() => requestAnimationFrame(() => setTimeout(tell)), 250);
}

function tell() {
  fresh = fresh.filter((row) => row.isConnected && !row.hidden);
  if (said && fresh.length) said.textContent = `${fresh.length} new`;
  const away = fresh.filter((row) => !inView(row)).length;
  if (pill) {
    pill.hidden = away === 0;
    const words = pill.querySelector("span");
    if (words) words.textContent = `${away} new`;
  }
  if (!away) fresh = [];
}

/** @param {HTMLElement} row */
function inView(row) {
  const box = row.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

pill?.addEventListener("click", () => {
  const first = fresh.filter((row) => row.isConnected).sort((a, b) => ((a.dataset.key ?? "") < (b.dataset.key ?? "") ? -1 : 1))[0];
  first?.scrollIntoView({ block: "center" });
  first?.querySelector("a")?.focus({ preventScroll: true });
  fresh = [];
  pill.hidden = true;
});

/** What depends on how many rows there are; what is new has its times from the server. */
export function changed() {
  document.dispatchEvent(new Event("queue:changed"));
}

function leave() {
  setTimeout(() => {
    for (const row of [...later.keys()]) if (!row.isConnected) later.delete(row);
      else if (!isHeld(row)) settle(row);
    if (room.style.height && !held() && scrollY + innerHeight < room.getBoundingClientRect().top + scrollY) room.style.height = "";
  }, 60);
}
list.addEventListener("focusout", leave);
list.addEventListener("pointerout", leave);
