// Tells the server that somebody is there, and asks whoever seems gone before the session ends.
// What scripts fetch by themselves keeps no session alive; what a person does in the page does.
// @ts-check
import { csrf } from "./page.js";

const WARN_S = 60;
const FIRST_LOOK_S = 60;
const AGAIN_S = 15;
const TOLD_EVERY_MS = 60_000;
const SIGNS = ["keydown", "pointerdown", "wheel", "touchmove"];
let told = Date.now();
let asking = false;

/** Of a person who types, clicks or scrolls. */
function alive() {
  if (asking || Date.now() - told < TOLD_EVERY_MS) return;
  told = Date.now();
  stay().catch(() => undefined);
}

async function stay() {
  await fetch("/account/stay", { method: "POST", headers: { "X-CSRF-Token": csrf() } });
}

/** What the server says is left; asking is no sign that somebody is there. */
async function left() {
  try {
    const answer = await fetch("/sign-in/left", { headers: { Accept: "application/json" } });
    return answer.ok ? Number((await answer.json()).left_s) : null;
  } catch {
    return null;
  }
}

/** @param {number} seconds */
function look(seconds) {
  setTimeout(() => void check(), seconds * 1000);
}

async function check() {
  const seconds = await left();
  if (seconds === null) look(AGAIN_S);
  else if (seconds <= 0) leave();
  else if (seconds > WARN_S) look(Math.min(seconds - WARN_S, 600));
  else ask(seconds);
}

/** To the sign-in page, and from there back to here: nothing of a patient stays on the screen. */
function leave() {
  const here = encodeURIComponent(location.pathname + location.search);
  const spoken = document.documentElement.lang;
  const language = spoken && spoken !== "en" ? `&language=${spoken}` : "";
  location.replace(`/sign-in?why=idle&next=${here}${language}`);
}

/**
 * In the page's language, where it has words of its own.
 * @param {string} name @param {string} usual
 */
function said(name, usual) {
  const holder = /** @type {HTMLElement | null} */ (document.querySelector("[data-stay-title]"));
  return holder?.dataset[name] ?? usual;
}

/** @param {number} seconds */
function ask(seconds) {
  asking = true;
  const until = Date.now() + seconds * 1000;
  const dialog = document.createElement("dialog");
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "session-title");
  dialog.setAttribute("aria-describedby", "session-words");
  const title = document.createElement("h2");
  title.id = "session-title";
  title.textContent = said("stayTitle", "Are you still there?");
  const words = document.createElement("p");
  words.id = "session-words";
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "main";
  button.textContent = said("stayButton", "Stay signed in");
  buttons.append(button);
  dialog.append(title, words, buttons);

  const tick = () => {
    const rest = Math.max(0, Math.round((until - Date.now()) / 1000));
    words.textContent = said(
      "stayWords",
      "You will be signed out in # seconds. What you have not saved is lost then.",
    ).replace("#", String(rest));
    if (rest > 0) return;
    close();
    void check();
  };
  const clock = setInterval(tick, 1000);
  // Another page of the same person may have said that they are there.
  const others = setInterval(async () => {
    const now = await left();
    if (now !== null && now > WARN_S) {
      close();
      look(now - WARN_S);
    }
  }, AGAIN_S * 1000);
  function close() {
    clearInterval(clock);
    clearInterval(others);
    dialog.remove();
    asking = false;
  }
  const stayed = async () => {
    close();
    try {
      await stay();
    } finally {
      void check();
    }
  };
  button.addEventListener("click", () => void stayed());
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    void stayed();
  });
  document.body.append(dialog);
  tick();
  dialog.showModal();
  button.focus();
}

if (csrf()) {
  for (const sign of SIGNS) addEventListener(sign, alive, { passive: true, capture: true });
  look(FIRST_LOOK_S);
}
