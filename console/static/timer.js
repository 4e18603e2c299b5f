// The care timer: begins on opening a patient, pauses when nobody is there, and is logged with one
// key. The server counts; this page only says that somebody is there, and shows what it answers.
// @ts-check
import { Problem, ask, fragment, toast } from "./page.js";
import { LEFT, key, onKey, stop } from "./timer-log.js";

/** @typedef {{id: string, patient: string, seconds: number, suggested_minutes: number, beat_s: number, idle_s: number}} Timer */

const place = document.getElementById("care-timer");
const patient = place?.dataset.patient ?? "";
const tab = crypto.randomUUID();
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("care-timer") : null;
const WORDS = {
  counting: "Counting",
  idle: "Paused: nobody here",
  hidden: "Paused",
  hand: "Paused by you",
  elsewhere: "Counting in another tab",
  offline: "Not counting: no connection",
};

/** @type {Timer | null} */
let timer = null;
/** @type {keyof typeof WORDS} */
let state = "hidden";
let answeredAt = 0;
let activeAt = performance.now();
let busy = false;
let beating = false;

/** @param {string} name @returns {SVGSVGElement} an icon of the page's own file */
function icon(name) {
  const file = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${file}#${name}`);
  made.append(use);
  return made;
}

/** @param {string} words @param {() => void} act */
function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

const clock = document.createElement("span");
clock.className = "timer-clock";
const said = document.createElement("span");
said.className = "timer-said";
said.setAttribute("role", "status");
const hold = button("Pause", () => (state === "counting" ? rest("hand") : begin()));
const save = button("Log it", () => open());
if (key) {
  const shown = document.createElement("kbd");
  shown.textContent = key;
  save.append(" ", shown);
}

function show() {
  if (!place) return;
  place.dataset.state = state;
  said.replaceChildren(icon(state === "counting" ? "play" : "pause"), ` ${WORDS[state]}`);
  hold.textContent = state === "counting" ? "Pause" : "Go on";
  tick();
}

function tick() {
  if (!timer) return;
  const since = state === "counting" ? (performance.now() - answeredAt) / 1000 : 0;
  const whole = Math.floor(timer.seconds + since);
  clock.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  save.disabled = whole < 1;
}

/** @param {Timer} answer @param {keyof typeof WORDS} now */
function took(answer, now) {
  timer = answer;
  state = now;
  answeredAt = performance.now();
  show();
}

/** @param {unknown} problem */
function failed(problem) {
  if (!(problem instanceof Problem)) throw problem;
  const pointer = /** @type {any} */ (problem.body).pointer;
  if (problem.status === 409) state = pointer === "/tab" ? "elsewhere" : "hidden";
  else state = "offline";
  show();
}

/** Counts here, and in no other tab. */
async function begin() {
  if (!patient || document.hidden || busy) return;
  busy = true;
  try {
    took(await ask("POST", "/timers", { patient, tab }), "counting");
    others?.postMessage({ tab });
  } catch (problem) {
    failed(problem);
  } finally {
    busy = false;
  }
}

async function beat() {
  if (!timer || state !== "counting" || beating) return;
  beating = true;
  try {
    const answer = await ask("POST", `/timers/${timer.id}/beat`, { tab });
    // It may have been paused while this was on its way.
    if (state === "counting") took(answer, "counting");
  } catch (problem) {
    if (state === "counting") failed(problem);
  } finally {
    beating = false;
  }
}

/** @param {keyof typeof WORDS} why @param {boolean} [leaving] */
async function rest(why, leaving = false) {
  if (!timer || state !== "counting") return;
  state = why;
  show();
  try {
    const answer = await ask("POST", `/timers/${timer.id}/pause`, { tab }, { keepalive: leaving });
    if (!leaving && state === why) took(answer, why);
  } catch (problem) {
    if (!leaving) failed(problem);
  }
}

function active() {
  activeAt = performance.now();
  if (state === "idle" || state === "hidden") begin();
}

/** The form, in a dialog: Enter saves. */
async function open() {
  if (!timer || document.querySelector("dialog[open]")) return;
  await beat();
  const { id } = timer;
  const dialog = document.createElement("dialog");
  dialog.className = "timer-dialog";
  dialog.setAttribute("aria-labelledby", "timer-title");
  const title = document.createElement("h2");
  title.id = "timer-title";
  title.textContent = "Log the time";
  try {
    dialog.append(title, await fragment(`/time/timers/${id}`));
  } catch {
    toast("The timer cannot be logged now. It is kept in the time log.", { bad: true });
    return;
  }
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[data-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await stop(id, form))) return;
    dialog.close();
    timer = null;
    begin();
  });
  dialog.showModal();
  /** @type {HTMLElement | null} */ (form.querySelector("button.main"))?.focus();
}

if (place && patient) {
  place.classList.add("care-timer");
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", "Care timer");
  place.append(said, clock, hold, save);
  for (const name of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    addEventListener(name, active, { passive: true, capture: true });
  }
  addEventListener("pagehide", () => {
    if (timer && state === "counting") sessionStorage.setItem(LEFT, `${timer.id} ${tab}`);
    rest("hidden", true);
  });
  addEventListener("pageshow", (event) => event.persisted && begin());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) rest("hidden");
    else if (state === "hidden") begin();
  });
  others?.addEventListener("message", () => {
    if (state !== "counting") return;
    state = "elsewhere";
    show();
  });
  setInterval(() => {
    tick();
    const quiet = (performance.now() - activeAt) / 1000;
    const since = (performance.now() - answeredAt) / 1000;
    if (state === "counting" && timer && quiet >= timer.idle_s) rest("idle");
    else if (state === "counting" && timer && since >= timer.beat_s) beat();
    else if (state === "offline" && since >= 15) {
      answeredAt = performance.now();
      begin();
    }
  }, 1000);
  onKey(open);
  begin();
}
