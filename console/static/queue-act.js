// What is done about alerts: sent with the version that was looked at, told, and taken back.
// @ts-check
import { ask, fragment, Problem, toast } from "./page.js";
import { OPEN, find, rowAt } from "./queue-list.js";
import { look } from "./queue-look.js";

const UNDO_MS = 10_000;
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("q-dialog"));

/** @typedef {{id: string, version: number, severity: string, state: string}} Ref */
/** @type {{words: string, back: () => Promise<void>}[]} */
const undos = [];
/** @type {(subject: string) => Promise<void>} */
let refresh = async () => {};
/** @type {(row: HTMLElement) => void} */
let resolved = () => {};

/** @param {{refresh: (subject: string) => Promise<void>, resolved: (row: HTMLElement) => void}} hooks */
export function wire(hooks) {
  ({ refresh, resolved } = hooks);
}

/** The alerts of a row, as it was shown. @param {HTMLElement} row @returns {Ref[]} */
export function refs(row) {
  return (row.dataset.refs ?? "").split(" ").filter(Boolean).map((text) => {
    const [id, version, severity, state] = text.split(":");
    return { id, version: Number(version), severity, state };
  });
}

/** @param {string} words */
const sentence = (words) => (words ? `${words[0].toUpperCase()}${words.slice(1)}.` : "");
/** @param {string} subject */
const nameOf = (subject) => find(subject)?.querySelector("h2")?.textContent?.trim() ?? "";

/**
 * The same to several, each by itself; those rows are read anew.
 * @param {string} action @param {Ref[]} items @param {string[]} subjects @param {object} [more] @param {(done: Ref[]) => void} [after]
 */
export async function several(action, items, subjects, more = {}, after = () => {}) {
  if (!items.length) return;
  try {
    const body = { action, items: items.map(({ id, version }) => ({ id, version })), ...more };
    const answer = await ask("POST", "/alerts/bulk", body);
    const done = answer.items.filter((/** @type {any} */ each) => each.status === 200);
    const failed = answer.items.filter((/** @type {any} */ each) => each.status !== 200);
    for (const each of subjects) await refresh(each);
    if (failed.length) toast(told(action, failed, done.length), { bad: true, ...takeOver(action, failed, items, subjects) });
    if (done.length) after(done);
  } catch (problem) {
    complain(problem);
  }
}

/** @param {string} action @param {any[]} failed @param {number} done */
function told(action, failed, done) {
  const why = sentence(failed[0].detail);
  if (failed.length === 1 && !done) return why;
  return `${failed.length} of ${failed.length + done} left as they were. ${why}`;
}

/** @param {string} action @param {any[]} failed @param {Ref[]} items @param {string[]} subjects */
function takeOver(action, failed, items, subjects) {
  if (action !== "claim" || failed[0].status !== 409) return {};
  return { action: "Take over", act: () => void several("claim", items, subjects, { take_over: true }) };
}

/** @param {unknown} problem */
function complain(problem) {
  toast(sentence(problem instanceof Problem ? problem.message.replace(/\.$/, "") : "that did not work"), { bad: true });
}

/** @param {string} words @param {string} action @param {Ref[]} done @param {string[]} subjects */
function undoable(words, action, done, subjects) {
  const step = {
    words,
    back: () => several(action, done, subjects, action === "reopen" ? { reason: "Undone" } : { note: "Snooze undone" }),
  };
  undos.push(step);
  setTimeout(() => forget(step), UNDO_MS);
  toast(words, { action: "Undo", act: () => void undo(step), ms: UNDO_MS });
}

/** @param {{words: string, back: () => Promise<void>}} step */
function forget(step) {
  const at = undos.indexOf(step);
  if (at >= 0) undos.splice(at, 1);
  return at >= 0;
}

export async function undo(step = undos.at(-1)) {
  if (!step || !forget(step)) return toast("There is nothing to undo. What was done earlier is in the row's history.");
  document.querySelectorAll("#toasts .toast").forEach((each) => each.remove());
  await step.back();
  toast("Undone.");
}

/** @param {Ref[]} items @param {string[]} subjects */
export async function acknowledge(items, subjects) {
  const open = items.filter((each) => OPEN.includes(each.state));
  if (!open.length) return toast("It has been taken on already.");
  const whom = subjects.length === 1 ? nameOf(subjects[0]) : "";
  await several("acknowledge", open, subjects, {}, (done) => {
    const words = done.length === 1 ? "Acknowledged" : `${done.length} acknowledged`;
    undoable(whom ? `${words}: ${whom}` : words, "reopen", done, subjects);
  });
}

/** @param {Ref[]} items @param {string[]} subjects @param {number} minutes */
export async function snooze(items, subjects, minutes) {
  await several("snooze", items, subjects, { minutes }, (done) => {
    undoable(`${done.length} snoozed for ${minutes} minutes`, "acknowledge", done, subjects);
  });
}

/** @param {string} action @param {HTMLElement} row @param {string} [alert] that alert alone */
export async function act(action, row, alert) {
  const subject = row.dataset.subject ?? "";
  const all = refs(row).filter((each) => !alert || each.id === alert);
  if (action === "acknowledge" && !(alert && all[0]?.state === "snoozed")) return acknowledge(all, [subject]);
  if (action === "claim") {
    return several("claim", all.slice(0, 1), [subject], {}, () => toast(`Claimed: ${nameOf(subject)}`));
  }
  await show(action, subject, all[0]?.id ?? alert);
}

/** @param {string} action @param {string} subject @param {string} alert */
async function show(action, subject, alert) {
  try {
    dialog.replaceChildren(await fragment(`/queue/alerts/${alert}/${action}`));
  } catch (problem) {
    return complain(problem);
  }
  dialog.dataset.subject = subject;
  look(subject, true);
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("input:checked") ?? dialog.querySelector("select, textarea, input:not([type=hidden])");
  /** @type {HTMLElement | null} */ (first)?.focus();
}

dialog?.addEventListener("close", () => {
  const subject = dialog.dataset.subject ?? "";
  if (!find(subject)?.querySelector(".q-more")) look(subject, false);
  if (rowAt() === null) find(subject)?.querySelector("a")?.focus({ preventScroll: true });
});
dialog?.addEventListener("click", (event) => {
  if (/** @type {HTMLElement} */ (event.target).closest("[data-close]")) dialog.close();
});

let key = crypto.randomUUID();
let sending = false;
dialog?.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  if (sending) return;
  sending = true;
  const form = /** @type {HTMLFormElement} */ (event.target);
  const action = form.dataset.act ?? "";
  const subject = dialog.dataset.subject ?? "";
  clear(form);
  try {
    const after = await ask("POST", `/alerts/${form.dataset.alert}/${action}`, body(form, action), { key });
    key = crypto.randomUUID();
    const row = find(subject);
    dialog.close();
    const both = new FormData(form).has("acknowledge");
    finished(both ? "both" : action, { id: after.id, version: after.version, severity: after.severity, state: after.state }, subject);
    if (action === "resolve" && row) resolved(row);
    await refresh(subject);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status) key = crypto.randomUUID();
    fault(form, problem);
    if (problem.status === 412) await again(form, subject, problem);
  } finally {
    sending = false;
  }
});

/** @param {string} action @param {Ref} after @param {string} subject */
function finished(action, after, subject) {
  const whom = nameOf(subject);
  if (action === "acknowledge") return undoable(`Acknowledged: ${whom}`, "reopen", [after], [subject]);
  if (action === "both") return undoable(`Acknowledged and snoozed: ${whom}`, "reopen", [after], [subject]);
  if (action === "snooze") return undoable(`Snoozed: ${whom}`, "acknowledge", [after], [subject]);
  if (action === "resolve") {
    return toast(`Resolved: ${whom}`, { action: "Reopen", act: () => void show("reopen", subject, after.id), ms: UNDO_MS });
  }
  const words = { escalate: "Escalated", reopen: "Reopened", note: "Noted" }[action] ?? "Done";
  toast(`${words}: ${whom}`);
}

/** @param {HTMLFormElement} form @param {string} action */
function body(form, action) {
  const given = new FormData(form);
  /** @param {string} name */
  const text = (name) => String(given.get(name) ?? "").trim();
  const made = { version: Number(text("version")) };
  if (action === "note") return { ...made, text: text("text") };
  if (action === "acknowledge") return { ...made, note: text("note") };
  if (action === "escalate" || action === "reopen") return { ...made, reason: text("reason") };
  if (action === "resolve") {
    return {
      ...made, outcome: text("outcome"), note: text("note"), template: text("template") || null,
      minutes: text("minutes") === "" ? null : Number(text("minutes")), mode: text("mode"),
    };
  }
  const until = text("for") === "custom" ? instant(text("until"), form.dataset.zone ?? "UTC") : text("for");
  const nap = { ...made, reason: text("reason"), acknowledge: given.has("acknowledge") };
  if (/^\d{1,4}$/.test(until)) return { ...nap, minutes: Number(until) };
  return { ...nap, until: until || new Date(0).toISOString() };
}

/** A day and time of the patient's clock as an instant. @param {string} local @param {string} zone */
function instant(local, zone) {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return "";
  /** @param {number} at */
  const behind = (at) => Date.parse(`${new Date(at).toLocaleString("sv", { timeZone: zone }).replace(" ", "T")}Z`) - at;
  return new Date(wall - behind(wall - behind(wall))).toISOString();
}

/** @param {HTMLFormElement} form */
function clear(form) {
  form.querySelectorAll(".fault").forEach((each) => each.remove());
  form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  say("");
}

/** @param {string} words */
function say(words) {
  const banner = /** @type {HTMLElement | null} */ (dialog.querySelector("[data-fault]"));
  const line = banner?.querySelector("p");
  if (!banner || !line) return;
  banner.hidden = !words;
  line.textContent = words;
  banner.setAttribute("role", "alert");
}

/** @param {HTMLFormElement} form @param {Problem} problem */
function fault(form, problem) {
  const name = (problem.body.pointer ?? "").slice(1);
  const field = /** @type {HTMLElement | null} */ (form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`));
  if (!field) return say(sentence(problem.message.replace(/\.$/, "")));
  const words = document.createElement("span");
  words.className = "fault";
  words.id = `${field.id}-fault`;
  words.textContent = sentence(problem.message.replace(/^the field '[^']*': /, ""));
  field.before(words);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", words.id);
  field.focus();
}

/** Somebody was quicker: the row is shown as it is now, and what was typed stays. @param {HTMLFormElement} form @param {string} subject @param {Problem} problem */
async function again(form, subject, problem) {
  toast(sentence(problem.message), { bad: true });
  await refresh(subject);
  const row = find(subject);
  const now = row && refs(row).find((each) => each.id === form.dataset.alert);
  const version = form.querySelector("[name=version]");
  if (now && version instanceof HTMLInputElement) version.value = String(now.version);
  say(`${sentence(problem.message)} Nothing was overwritten, and what you typed is kept: send it again if you still mean it.`);
}
