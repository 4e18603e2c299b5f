// The queue: rows, keys, buttons, selection, search. What each does stands in the modules beside it.
// @ts-check
import { fragment, toast } from "./page.js";
import { act, acknowledge, refs, several, snooze, undo, wire } from "./queue-act.js";
import { listen } from "./queue-keys.js";
import { OPEN, apply, changed, dress, find, rowAt, visible } from "./queue-list.js";
import { follow } from "./queue-live.js";
import { look, lookers } from "./queue-look.js";
import { pieces } from "./queue-slices.js";
import { sounds } from "./queue-sound.js";
import { cut, short, tally } from "./queue-tally.js";
import { clockTime, count, instant, now as serverNow, setClock } from "./queue-time.js";

const list = /** @type {HTMLElement} */ (document.getElementById("q-rows"));
const { now = "", last = "0", me = "", zone = "UTC", query = "", searched = "", moveOn, shortcuts, sound = "", alarm = "" } = list.dataset;
const title = document.title;
const favicon = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="icon"]'));
const usual = favicon?.getAttribute("href") ?? "";
const parts = {
  summary: document.querySelectorAll("#q-summary"),
  more: document.querySelectorAll("[data-more-words]"),
  hidden: document.querySelectorAll("[data-hidden-words]"),
};
/** @param {string} id @returns {HTMLElement | null} */
const at = (id) => document.getElementById(id);
const HEAL_MS = 30_000;
let stale = false;
/** The row that somebody was on last. @type {HTMLElement | null} */
let here = null;

document.documentElement.classList.add("scripted");
setClock(now);
for (const row of visible(true)) dress(row);

/** @param {string[] | null} subjects @param {string} [mine] */
async function rows(subjects, mine) {
  const asked = subjects ? `of=${subjects.map(encodeURIComponent).join(",")}` : "";
  // Where not all are listed, those that come up from behind are wanted too.
  const until = cut() && `until=${encodeURIComponent(lastKey())}`;
  const path = `/queue/rows?${[asked, until, searched && "beyond=yes", query].filter(Boolean).join("&")}`;
  apply(await fragment(path), subjects, mine);
  if (field?.value) search();
}

/** The place of the last row. */
const lastKey = () => visible(true).reduce((last, row) => ((row.dataset.key ?? "") > last ? (row.dataset.key ?? "") : last), "");

/** @param {string} subject */
async function refresh(subject) {
  const open = find(subject)?.querySelector(".q-more") !== null && find(subject) !== null;
  await rows([subject], subject).catch(() => toast("The row could not be read anew.", { bad: true }));
  const row = find(subject);
  if (open && row?.isConnected && !row.querySelector(".q-more")) await unfold(row);
}

/** @param {HTMLElement} row */
function current(row = rowAt() ?? here ?? visible()[0]) {
  return row?.isConnected ? row : visible()[0];
}

/** @param {HTMLElement | undefined} row */
function go(row) {
  row?.querySelector("a")?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** @param {number} by */
function move(by) {
  const on = rowAt() ?? (here?.isConnected ? here : null);
  if (!on) return go(visible()[0]);
  let next = on;
  do next = /** @type {HTMLElement} */ (by > 0 ? next.nextElementSibling : next.previousElementSibling);
  while (next?.hidden);
  go(next ?? on);
}

/** @param {HTMLElement} row */
async function unfold(row) {
  const part = await fragment(`/queue/row/${(row.dataset.subject ?? "").replace(":", "/")}`);
  row.querySelector(".q-more")?.remove();
  const more = document.createElement("div");
  more.className = "q-more";
  more.append(part);
  row.append(more);
  row.querySelector(".q-details")?.setAttribute("aria-expanded", "true");
  look(row.dataset.subject ?? "", true);
  count(row);
}

/** @param {HTMLElement} row */
async function details(row) {
  const more = row.querySelector(".q-more");
  if (!more) return unfold(row);
  more.remove();
  row.querySelector(".q-details")?.setAttribute("aria-expanded", "false");
  look(row.dataset.subject ?? "", false);
}

/** @param {string} action @param {HTMLElement} [row] @param {string} [alert] */
function does(action, row = current(), alert) {
  if (!row || !at("q-parts")) return;
  if (row.classList.contains("gone")) return toast("It is no longer waiting.");
  void act(action, row, alert);
}

// Buttons.
list.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("[data-action]");
  const row = rowAt(button);
  if (!(button instanceof HTMLElement) || !row || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const action = button.dataset.action ?? "";
  if (action === "details") void details(row).catch(() => location.assign(/** @type {HTMLAnchorElement} */ (button).href));
  else does(action, row, button.closest("section")?.dataset.alert);
});
list.addEventListener("focusin", () => {
  here = rowAt() ?? here;
});
list.addEventListener("click", (event) => {
  if (!/** @type {HTMLElement} */ (event.target).closest("a.q-open")) return;
  // The chart goes on to the next one in this order.
  const order = visible().map((row) => ({ subject: row.dataset.subject, alert: row.dataset.alert }));
  sessionStorage.setItem("hearthbeat.queue", JSON.stringify({ query, order }));
});

// Selection.
const picked = () => [...list.querySelectorAll(":scope > .q-row:not([hidden]) [data-pick]:checked")].flatMap((box) => rowAt(box) ?? []);
/** @param {HTMLElement} row @param {boolean} [on] */
function pick(row, on) {
  const box = /** @type {HTMLInputElement | null} */ (row.querySelector("[data-pick]"));
  if (!box || stale) return;
  box.checked = on ?? !box.checked;
  bulk();
}
/** @param {number} number @param {string} what */
const left = (number, what) => (number ? [`${number} ${what} left out`] : []);
/** What a bulk action is about, and what it leaves out. @param {string} action */
function chosen(action) {
  const all = picked().flatMap(refs);
  const mild = action === "claim" ? all : all.filter((each) => each.severity !== "critical");
  const fits = action === "claim" ? mild : mild.filter((each) => OPEN.includes(each.state) === (action === "acknowledge"));
  const other = action === "acknowledge" ? "taken on already" : "not acknowledged";
  return { items: fits, out: [...left(all.length - mild.length, "critical"), ...left(mild.length - fits.length, other)] };
}
function bulk() {
  const rows_ = picked();
  for (const row of new Set([...list.querySelectorAll(":scope > .picked"), ...rows_])) row.classList.toggle("picked", rows_.includes(/** @type {HTMLElement} */ (row)));
  const bar = at("q-bulk");
  if (!bar) return;
  bar.hidden = rows_.length === 0;
  const { items, out } = chosen("acknowledge");
  const words = at("q-bulk-count");
  if (words) words.textContent = `${rows_.length} ${rows_.length === 1 ? "row" : "rows"} selected`;
  const more = at("q-bulk-left-out");
  if (more) more.textContent = `Acknowledging takes ${items.length}${out.length ? `; ${out.join(", ")}` : ""}.`;
}
list.addEventListener("change", bulk);
at("q-bulk")?.addEventListener("click", async (event) => {
  const action = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.bulk;
  if (!action) return;
  if (action === "all" || action === "none") {
    for (const row of visible()) pick(row, action === "all");
    return;
  }
  const { items, out } = chosen(action);
  const subjects = picked().map((row) => row.dataset.subject ?? "");
  if (out.length) toast(`${out.join(", ")}.`);
  if (!items.length) return;
  for (const row of visible()) pick(row, false);
  if (action === "acknowledge") await acknowledge(items, subjects);
  else if (action === "snooze") await snooze(items, subjects, 60);
  else await several("claim", first(items, subjects), subjects, {}, (done) => toast(`${done.length} claimed`));
});
/** One claim holds the whole row. @param {ReturnType<typeof refs>} items @param {string[]} subjects */
function first(items, subjects) {
  const heads = new Set(subjects.map((each) => find(each)?.dataset.alert));
  return items.filter((each) => heads.has(each.id));
}

// Search: here only; a name in an address would be in histories and logs.
const field = /** @type {HTMLInputElement | null} */ (at("q-search"));
function search() {
  const wanted = (field?.value ?? "").trim().toLowerCase();
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(":scope > .q-row"))) {
    row.hidden = wanted !== "" && !(row.dataset.search ?? "").includes(wanted);
  }
  changed();
}
field?.addEventListener("input", () => {
  if (searched && !field.value) return location.assign(`/queue${query && "?"}${query}`);
  search();
});
field?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    field.value = "";
    search();
    go(current());
  }
});
at("q-search-form")?.addEventListener("submit", (event) => {
  if (searched || tally().more) return;
  event.preventDefault();
  event.stopPropagation();
  go(visible()[0]);
});

// What the page says of itself.
document.addEventListener("queue:changed", () => {
  const { summary, more, words, urgent, ...counted } = tally();
  const sought = Boolean(field?.value);
  const hidden = counted.hidden + (sought ? list.querySelectorAll(":scope > .q-row[hidden]:not(.gone)").length : 0);
  say(parts.summary, summary);
  say(parts.more, words);
  say(parts.hidden, `${hidden.toLocaleString("en")} ${hidden === 1 ? "row" : "rows"} hidden`);
  show("q-filtered", hidden > 0);
  show("q-beyond", more > 0);
  show("q-end", more > 0);
  show("q-search-more", more > 0 && !searched && sought);
  show("q-empty", list.querySelector(":scope > .q-row:not([hidden])") === null);
  const named = urgent ? `(${urgent} critical open) ${title}` : title;
  if (document.title !== named) document.title = named;
  const sign = urgent ? alarm : usual;
  if (favicon && favicon.getAttribute("href") !== sign) favicon.setAttribute("href", sign);
  if (!at("q-bulk")?.hidden) bulk();
  if (short(list.childElementCount - list.getElementsByClassName("gone").length)) heal();
});
/** @param {NodeListOf<Element>} which @param {string} words */
function say(which, words) {
  for (const each of which) if (each.textContent !== words) each.textContent = words;
}
/** @param {string} id @param {boolean} on */
function show(id, on) {
  const part = at(id);
  if (part && part.hidden === on) part.hidden = !on;
}
let healed = -HEAL_MS;
/** Whatever the reason is that a row is not here: all of them are asked for, now and then. */
function heal() {
  if (performance.now() - healed < HEAL_MS) return;
  healed = performance.now();
  void rows(null).catch(() => undefined);
}

const tones = sounds(new Set(sound.split(" ").filter(Boolean)));
document.addEventListener("queue:new", (event) => tones.tell(/** @type {CustomEvent} */ (event).detail));
setInterval(() => {
  if (tally().urgent) tones.tell(["critical"]);
}, 60_000);
/** Rows whose times have still to be counted on. @type {HTMLElement[]} */
let uncounted = [];
const countOn = pieces((over) => {
  while (uncounted.length && !over()) {
    const row = uncounted.shift();
    if (row?.isConnected) count(row);
  }
  return uncounted.length > 0;
});
setInterval(() => {
  uncounted = visible(true);
  countOn();
}, 10_000);

wire({
  refresh,
  resolved(row) {
    if (!moveOn) return;
    const all = visible();
    go(all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1]);
  },
});
follow(last, {
  rows,
  looking: (who) => lookers(who, me),
  stale(since) {
    stale = since !== null;
    const banner = at("q-stale");
    const words = at("q-stale-since");
    if (words && since !== null) words.textContent = clockTime(since, zone);
    if (banner) banner.hidden = !stale;
    for (const each of document.querySelectorAll("[data-bulk], [data-pick]")) {
      /** @type {HTMLInputElement} */ (each).disabled = stale;
    }
    if (!stale) void rows(null).catch(() => undefined);
  },
});

const help = /** @type {HTMLDialogElement | null} */ (at("q-help"));
listen(
  {
    next: () => move(1),
    previous: () => move(-1),
    extend() {
      const on = current();
      if (!on) return;
      pick(on, true);
      move(1);
      const next = rowAt();
      if (next) pick(next, true);
    },
    acknowledge: () => does("acknowledge"),
    claim: () => does("claim"),
    snooze: () => does("snooze"),
    escalate: () => does("escalate"),
    resolve: () => does("resolve"),
    note: () => does("note"),
    select: () => current() && pick(current()),
    undo: () => void undo(),
    search: () => field?.focus(),
    help: () => help?.showModal(),
    "go-queue": () => location.assign("/queue"),
    "go-patients": () => location.assign("/patients"),
    open() {
      const link = current()?.querySelector("a");
      if (document.activeElement === document.body) link?.click();
      else /** @type {HTMLElement} */ (document.activeElement).click();
    },
  },
  Boolean(shortcuts),
);
document.querySelector('button[data-does="help"]')?.addEventListener("click", () => help?.showModal());
at("q-print")?.addEventListener("click", () => print());
addEventListener("beforeprint", () => {
  const words = at("q-printed");
  if (words) words.textContent = instant(serverNow(), zone);
  count();
});
changed();
