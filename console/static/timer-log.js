// Time into the log with one key: what was left unlogged with other patients is offered on whatever
// page comes next. The timer itself is only loaded where a patient is open.
// @ts-check
import { Problem, ask, fragment, toast } from "./page.js";

const place = document.getElementById("care-timer");
/** The single key that logs; empty where somebody has switched such keys off. */
export const key = document.querySelector('meta[name="timer-key"]')?.getAttribute("content") ?? "";

let act = () => {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".unlogged-bar form"));
  form?.requestSubmit();
};

/** @param {() => void} other what the key does instead */
export function onKey(other) {
  act = other;
}

/** @param {HTMLFormElement} form */
function typed(form) {
  const data = new FormData(form);
  /** @param {string} name */
  const text = (name) => String(data.get(name) ?? "").trim();
  const minutes = text("minutes");
  return {
    activity: text("activity") || "review",
    mode: text("mode") || "none",
    with_whom: text("with_whom") || null,
    service: text("service") || "rpm",
    note: text("note"),
    minutes: /^\d+$/.test(minutes) ? Number(minutes) : null,
    reason: text("reason"),
  };
}

/**
 * @param {string} id @param {HTMLFormElement} form
 * @returns {Promise<boolean>} whether it is in the log
 */
export async function stop(id, form) {
  if (form.dataset.sent) return false; // Enter and the button, or the button twice: it is on its way.
  for (const old of form.querySelectorAll(".fault")) old.remove();
  try {
    const entry = await ask("POST", `/timers/${id}/stop`, typed(form));
    const whole = `${Math.floor(entry.seconds / 60)} min ${entry.seconds % 60} s`;
    toast(entry.clamped ? `Logged ${whole}: there was no more time than that.` : `Logged ${whole}.`);
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const name = String(/** @type {any} */ (problem.body).pointer ?? "").slice(1);
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const fault = document.createElement("span");
    fault.className = "fault";
    fault.setAttribute("role", "alert");
    fault.textContent = problem.message.replace(/^\w+: /, "");
    if (field) field.before(fault);
    else form.prepend(fault);
    /** @type {HTMLElement | null} */ (field)?.focus();
    return false;
  } finally {
    delete form.dataset.sent;
  }
}

/** Of the timer that the page before counted with, where it did: its id and its tab. */
export const LEFT = "hearthbeat.timer";

/** The page before has said that it is left; what it said may still be on its way. */
async function left() {
  const [id, tab] = (sessionStorage.getItem(LEFT) ?? "").split(" ");
  sessionStorage.removeItem(LEFT);
  if (id) await ask("POST", `/timers/${id}/pause`, { tab }).catch(() => undefined);
}

/** What was left unlogged with other patients, to be saved at once. */
async function waiting() {
  if (location.pathname.startsWith("/time")) return;
  await left();
  const patient = place?.dataset.patient;
  const found = await fragment(`/time/waiting${patient ? `?but=${patient}` : ""}`);
  const bar = found.querySelector(".unlogged-bar");
  if (!bar) return;
  document.getElementById("main")?.prepend(bar);
  for (const form of bar.querySelectorAll("form")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await stop(form.dataset.timer ?? "", form)) form.closest("li")?.remove();
      if (!bar.querySelector("li")) bar.remove();
    });
  }
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (!key || event.key !== key || event.ctrlKey || event.altKey || event.metaKey) return;
  const at = /** @type {HTMLElement} */ (event.target);
  if (event.defaultPrevented || at.closest("input, select, textarea, [contenteditable]")) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
}

document.addEventListener("keydown", pressed);
// After the page before has said that it is left.
setTimeout(() => waiting().catch(() => undefined), 1200);
if (place?.dataset.patient) import("./timer.js");
