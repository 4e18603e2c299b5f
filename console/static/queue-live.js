// The stream of changes: what it says is fetched as rows, many changes at once, in their order.
// @ts-check
import { ask } from "./page.js";
import { setClock, now } from "./queue-time.js";

const SILENCE_MS = 30_000;
const FIRST_MS = 120;
const NEXT_MS = 700;
const AGAIN_MS = 2_000;
const AT_ONCE = 60;

/**
 * @typedef {{rows: (subjects: string[] | null) => Promise<void>, looking: (list: {subject_kind: string,
 *   subject: string, user: string, name: string}[]) => void, stale: (since: number | null) => void}} Told
 */

/** @param {string} last the newest event that the page has in it already @param {Told} told */
export function follow(last, told) {
  /** @type {Set<string>} */
  const waiting = new Set();
  let everything = false;
  let busy = false;
  /** After one time of fetching there is a pause before the next, however much comes. */
  let notBefore = 0;
  let timer = 0;
  let heard = now();
  let stale = false;
  let broken = false;
  let refused = 1;

  async function flush() {
    timer = 0;
    if (busy) return;
    busy = true;
    const asked = everything ? null : [...waiting].slice(0, AT_ONCE);
    everything = false;
    if (asked === null) waiting.clear();
    else for (const each of asked) waiting.delete(each);
    let pause = NEXT_MS;
    try {
      await told.rows(asked);
    } catch {
      if (asked === null) everything = true;
      else for (const each of asked) waiting.add(each);
      pause = AGAIN_MS;
    }
    busy = false;
    notBefore = performance.now() + pause;
    if (waiting.size || everything) soon(pause);
  }
  /** @param {number} ms */
  function soon(ms) {
    timer ||= setTimeout(flush, Math.max(ms, notBefore - performance.now()));
  }
  function alive() {
    heard = now();
    refused = 1;
    if (stale) told.stale(null);
    stale = false;
  }
  function open() {
    const source = new EventSource(`/api/v1/alerts/stream?last=${encodeURIComponent(last)}`);
    source.addEventListener("beat", (event) => {
      setClock(JSON.parse(event.data).at);
      alive();
      if (!broken) return;
      // What moved meanwhile without an event is told by nobody: all of it is asked for.
      broken = false;
      everything = true;
      soon(FIRST_MS);
    });
    source.addEventListener("alert", (event) => {
      last = event.lastEventId;
      alive();
      const data = JSON.parse(event.data);
      waiting.add(data.patient_id ? `patient:${data.patient_id}` : `${data.subject_kind}:${data.subject}`);
      soon(FIRST_MS);
    });
    source.addEventListener("moved", (event) => {
      alive();
      const { subject_kind, subject } = JSON.parse(event.data);
      waiting.add(`${subject_kind}:${subject}`);
      soon(FIRST_MS);
    });
    source.addEventListener("looking", (event) => {
      alive();
      told.looking(JSON.parse(event.data));
    });
    source.addEventListener("reload", () => {
      alive();
      everything = true;
      soon(FIRST_MS);
    });
    source.addEventListener("error", () => {
      broken = true;
      // A browser comes back by itself, unless it was refused: then from the last event on.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(open, AGAIN_MS * refused);
      refused = Math.min(refused * 2, 15);
      // Who is signed out sees nobody's data any more: the answer to this takes them to the sign-in.
      ask("GET", "/me").catch(() => undefined);
    });
    addEventListener("pagehide", () => source.close());
  }
  open();
  setInterval(() => {
    if (stale || now() - heard <= SILENCE_MS) return;
    stale = true;
    told.stale(heard);
  }, 1_000);
  return {
    /** @param {string} subject */
    refresh(subject) {
      waiting.add(subject);
      soon(0);
    },
  };
}
