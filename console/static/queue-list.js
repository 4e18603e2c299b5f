// The rows: put where they belong, and never moved or replaced under somebody's hand.
// @ts-check
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

/** @param {string} subject @returns {HTMLElement | null} */
export const find = (subject) => list.querySelector(`:scope > [data-subject="${CSS.escape(subject)}"]`);
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

/** Changes the list and leaves what somebody looks at where it is. @param {() => void} change */
function still(change) {
  const on = held() ?? (scrollY > 0 ? (visible().find((row) => row.getBoundingClientRect().bottom > 0) ?? null) : null);
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

/** @param {HTMLElement} row */
function place(row) {
  const key = row.dataset.key ?? "";
  for (const each of list.children) {
    const other = /** @type {HTMLElement} */ (each);
    if (other !== row && (other.dataset.key ?? "") > key) {
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
  if (next) {
    count(next);
    measured([next]);
  }
  const focused = row.contains(document.activeElement);
  still(() => {
    if (next === null) row.remove();
    else {
      row.replaceWith(next);
      if (!here) place(next);
    }
  });
  if (here && focused) next?.querySelector("a")?.focus({ preventScroll: true });
  if (here && row.querySelector(".q-more")) /** @type {HTMLElement | null | undefined} */ (next?.querySelector("a.q-details"))?.click();
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

/**
 * @param {DocumentFragment} made rows by the server @param {string[] | null} asked which were asked for; null: all
 * @param {string} [mine] the row that somebody has just acted on: it changes in place
 */
export function apply(made, asked, mine) {
  /** @type {Map<string, HTMLElement>} */
  const found = new Map();
  /** @type {Map<string, string>} */
  const why = new Map();
  take(made);
  dress(made);
  for (const each of made.querySelectorAll("li")) {
    const name = each.dataset.subject ?? "";
    if (each.dataset.why) why.set(name, each.dataset.why);
    else found.set(name, each);
  }
  measured(found.values());
  const names = asked ?? [...list.children].map((each) => /** @type {HTMLElement} */ (each).dataset.subject ?? "");
  still(() => {
    for (const name of new Set([...names, ...found.keys()])) {
      const news = !asked || asked.includes(name);
      one(name, found.get(name) ?? null, { why: why.get(name) ?? (asked ? "over" : "unlisted"), mine: name === mine, news });
    }
    trim(mine);
  });
  changed();
  announce();
}

/** Rows that others have pushed out of the list. @param {string} [mine] */
function trim(mine) {
  const last = cut();
  if (!last) return;
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(":scope > .q-row"))) {
    if ((row.dataset.key ?? "") > last && row.dataset.subject !== mine && !isHeld(row)) row.remove();
  }
}

/**
 * @param {string} name @param {HTMLElement | null} next
 * @param {{why: string, mine: boolean, news: boolean}} how why it is gone, where it is; what comes up from behind is no news
 */
function one(name, next, { why, mine, news }) {
  const old = find(name);
  if (!old) {
    if (!next) return;
    place(next);
    if (news) fresh.push(next);
    return;
  }
  later.delete(old);
  if (mine && next) return swap(old, next);
  const above = held();
  const pulls = next === null && above !== null && scrollY < old.offsetHeight && (old.compareDocumentPosition(above) & 4) !== 0;
  if (isHeld(old) || pulls) return hold(old, next, why);
  if (!next) return old.remove();
  carry(old, next);
  if (woken(old, next)) fresh.push(next);
  old.replaceWith(next);
  place(next);
}

/** What somebody's own doing has made of it, in the same place, with the focus where it was. @param {HTMLElement} old @param {HTMLElement} next */
function swap(old, next) {
  const on = old.contains(document.activeElement) || document.activeElement === document.body;
  carry(old, next);
  old.replaceWith(next);
  if (on) next.querySelector("a")?.focus({ preventScroll: true });
  later.set(next, /** @type {HTMLElement} */ (next));
}

/** A tick stays a tick. @param {HTMLElement} old @param {HTMLElement} next */
function carry(old, next) {
  const [was, is] = [old, next].map((row) => /** @type {HTMLInputElement | null} */ (row.querySelector("[data-pick]")));
  if (was?.checked && is) is.checked = true;
  next.classList.toggle("picked", was?.checked ?? false);
  next.hidden = old.hidden;
}

/** Somebody has to look again. @param {HTMLElement} old @param {HTMLElement} next */
const woken = (old, next) => (old.dataset.key ?? "")[1] !== "0" && (next.dataset.key ?? "")[1] === "0";

/** Puts in what only scripts can do: a tick and buttons. @param {ParentNode} where */
export function dress(where) {
  const parts = /** @type {HTMLTemplateElement | null} */ (document.getElementById("q-parts"));
  if (!parts) return;
  for (const each of where.querySelectorAll(".q-row")) {
    const row = /** @type {HTMLElement} */ (each);
    if (row.querySelector("[data-pick]")) continue;
    const made = /** @type {DocumentFragment} */ (parts.content.cloneNode(true));
    const [first, other] = OPEN.includes(row.dataset.state ?? "") ? ["acknowledge", "resolve"] : ["resolve", "acknowledge"];
    made.querySelector(`.q-next[data-action=${other}]`)?.remove();
    made.querySelector(`.q-icon[data-action=${first}]`)?.remove();
    const name = row.querySelector("h2")?.textContent ?? "";
    for (const words of made.querySelectorAll(".hidden-text")) words.textContent += ` ${name}`;
    const pick = made.querySelector(".q-pick");
    if (pick) row.prepend(pick);
    row.querySelector(".q-acts")?.prepend(made);
  }
}

function announce() {
  if (!fresh.length) return;
  for (const row of fresh) row.classList.add("fresh");
  document.dispatchEvent(new CustomEvent("queue:new", { detail: fresh.map((row) => row.dataset.severity) }));
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    fresh = fresh.filter((row) => row.isConnected && !row.hidden);
    if (said && fresh.length) said.textContent = `${fresh.length} new`;
    const away = fresh.filter((row) => !inView(row)).length;
    if (pill) {
      pill.hidden = away === 0;
      const words = pill.querySelector("span");
      if (words) words.textContent = `${away} new`;
    }
    if (!away) fresh = [];
  }, 250);
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
