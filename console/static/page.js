// What every page does: says what happened, and sends changes with the proof that they are ours.
// @ts-check

/** @returns {string} */
export function csrf() {
  return document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
}

/** A problem that the server has told of (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  /** @param {number} status @param {{title?: string, detail?: string, pointer?: string}} body */
  constructor(status, body) {
    super(body.detail || body.title || "That did not work.");
    this.status = status;
    this.body = body;
  }
}

let leavingSince = -Infinity;
const LEFT_WITHIN_MS = 10_000;
addEventListener("beforeunload", () => {
  leavingSince = performance.now();
});
addEventListener("pageshow", () => {
  leavingSince = -Infinity;
});

/**
 * Nobody is signed in any more: the server says so with a page of its own. Where somebody is on the
 * way to another page, that one says it, and is not stopped by this.
 */
export function signedOut() {
  if (performance.now() - leavingSince > LEFT_WITHIN_MS) location.reload();
}

/**
 * One request to the API. A write is named by a key, so that sending it again does it once.
 * @param {string} method @param {string} path under /api/v1
 * @param {unknown} [body] @param {{key?: string, keepalive?: boolean}} [options]
 * @returns {Promise<any>}
 */
export async function ask(method, path, body, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") {
    headers["X-CSRF-Token"] = csrf();
    headers["Idempotency-Key"] = options.key ?? crypto.randomUUID();
  }
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      keepalive: options.keepalive ?? false,
    });
  } catch {
    throw new Problem(0, { detail: "The server could not be reached. Nothing was saved." });
  }
  if (answer.status === 401) signedOut();
  const text = await answer.text();
  const told = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Problem(answer.status, told ?? {});
  return told;
}

// Markup that our own server has made, and nothing else, may become elements.
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("hearthbeat", {
  createHTML: (/** @type {string} */ html) => html,
});

/**
 * A part of a page, made by the server.
 * @param {string} path @returns {Promise<DocumentFragment>}
 */
export async function fragment(path) {
  const answer = await fetch(path, { headers: { "X-Fragment": "1" } });
  if (answer.status === 401) signedOut();
  if (!answer.ok) throw new Problem(answer.status, {});
  const html = await answer.text();
  const holder = document.createElement("template");
  holder.innerHTML = policy ? policy.createHTML(html) : html;
  return holder.content;
}

/**
 * Says something for a while, with at most one thing to do about it.
 * @param {string} words @param {{bad?: boolean, action?: string, act?: () => void, ms?: number}} [options]
 */
export function toast(words, options = {}) {
  const holder = document.getElementById("toasts");
  if (!holder) return;
  const made = document.createElement("div");
  made.className = options.bad ? "toast bad" : "toast";
  const text = document.createElement("span");
  text.textContent = words;
  made.append(text);
  if (options.action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = options.action;
    button.addEventListener("click", () => {
      made.remove();
      options.act?.();
    });
    made.append(button);
  }
  holder.append(made);
  setTimeout(() => made.remove(), options.ms ?? (options.bad ? 15000 : 6000));
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method === "dialog") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
