// "Ana is looking": said while a row is open here, renewed while somebody is there, ended on leaving.
// @ts-check
import { ask } from "./page.js";
import { visible } from "./queue-list.js";

const IDLE_MS = 120_000;
const RENEW_MS = 50_000;
/** When it was said last. @type {Map<string, number>} */
const mine = new Map();
let active = Date.now();

/** @param {string} subject @param {boolean} looking @param {boolean} [leaving] */
function say(subject, looking, leaving = false) {
  const at = subject.indexOf(":");
  const body = { subject_kind: subject.slice(0, at), subject: subject.slice(at + 1), looking };
  // A row that is gone meanwhile needs no claim; what the server knows comes over the stream.
  ask("POST", "/queue/looking", body, { keepalive: leaving }).catch(() => mine.delete(subject));
}

/** @param {string} subject @param {boolean} looking */
export function look(subject, looking) {
  if (!subject || !document.getElementById("q-parts")) return;
  if (!looking) {
    if (mine.delete(subject)) say(subject, false);
  } else if (!visible(true).some((row) => row.dataset.subject === subject)) {
    mine.delete(subject); // Resolved meanwhile: nobody looks at what is not there.
  } else if (Date.now() - (mine.get(subject) ?? 0) > RENEW_MS) {
    mine.set(subject, Date.now());
    say(subject, true);
  }
}

function stir() {
  active = Date.now();
  for (const [subject, when] of mine) if (active - when > RENEW_MS) look(subject, true);
}
for (const name of ["keydown", "pointerdown", "pointermove", "scroll"]) addEventListener(name, stir, { passive: true });
setInterval(() => {
  if (Date.now() - active < IDLE_MS) return;
  for (const subject of mine.keys()) look(subject, false);
}, 5_000);
addEventListener("pagehide", () => {
  for (const subject of mine.keys()) say(subject, false, true);
  mine.clear();
});

/** All who look now: whoever is not among them looks no longer. @param {{subject_kind: string, subject: string, user: string, name: string}[]} list @param {string} me */
export function lookers(list, me) {
  const by = new Map(list.map((each) => [`${each.subject_kind}:${each.subject}`, each]));
  for (const row of visible()) {
    const each = by.get(row.dataset.subject ?? "");
    const line = /** @type {HTMLElement | null} */ (row.querySelector(".q-looker"));
    const words = line?.querySelector("span");
    if (!line || !words) continue;
    line.hidden = !each;
    words.textContent = each ? (each.user === me ? "You are looking" : `${each.name} is looking`) : "";
    if (each) row.dataset.looker = each.user;
    else delete row.dataset.looker;
  }
}
