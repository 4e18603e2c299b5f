// Times that count on, in the words of the server (console/queue/words.py), by the server's clock.
// @ts-check

const MINUTE = 60_000;
let ahead = 0;

/** @param {string} iso what the server's clock says now */
export function setClock(iso) {
  ahead = Date.parse(iso) - Date.now();
}

export const now = () => Date.now() + ahead;

/** @param {number} at @param {string} zone */
export function clockTime(at, zone) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(at);
}

/** Day and time as the pages have it: Sun 22 Nov 2026, 11:49. @param {number} at @param {string} zone */
export function instant(at, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: zone,
  }).formatToParts(at);
  const [weekday, day, month, year] = ["weekday", "day", "month", "year"].map((type) => parts.find((part) => part.type === type)?.value);
  return `${weekday} ${day} ${month?.slice(0, 3)} ${year}, ${clockTime(at, zone)}`;
}

/** Whole minutes up to a day, then hours, then days. @param {number} ms */
export function span(ms) {
  const minutes = Math.max(Math.floor(ms / MINUTE), 0);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 24) return rest ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 && days < 7 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** @param {number} ms */
const length = (ms) => (ms >= MINUTE ? span(ms) : "under 1 min");

/** What is said of an instant so far away; below zero it is over. @type {Record<string, (ms: number) => string>} */
export const WORDS = {
  ago: (ms) => (-ms >= MINUTE ? `${span(-ms)} ago` : "just now"),
  left: (ms) => (ms < 0 ? `late ${length(-ms)}` : `${length(ms)} left`),
  back: (ms) => `open again in ${length(ms)}`,
  asleep: (ms) => `wakes in ${length(ms)}`,
};

/** @param {ParentNode} root */
export function count(root = document) {
  for (const each of root.querySelectorAll("time[data-count]")) {
    const time = /** @type {HTMLTimeElement} */ (each);
    const kind = time.dataset.count ?? "ago";
    const away = Date.parse(time.dateTime) - now();
    const words = WORDS[kind](away);
    if (time.textContent !== words) time.textContent = words;
    time.closest(".q-due")?.classList.toggle("late", kind === "left" && away < 0);
  }
}
