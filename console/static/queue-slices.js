// Work in small pieces: what somebody types goes first, and never waits for more than one piece.
// @ts-check

const PIECE_MS = 10;
const AFTER_KEY_MS = 120;
/** For so long at most, however fast somebody types. */
const PUT_OFF_MS = 400;
const IDLE_MS = 150;
let key = -Infinity;

addEventListener("keydown", () => {
  key = performance.now();
}, { capture: true, passive: true });

/** @param {() => void} then */
function idle(then) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(then, { timeout: IDLE_MS });
  else setTimeout(then, 1);
}

/**
 * Says when a piece may be done: soon, but not right after a key, whose frame is on its way.
 * @param {(over: () => boolean) => boolean} piece does some, until `over`; says whether there is more
 */
export function pieces(piece) {
  let since = 0;
  let running = false;
  function turn() {
    const now = performance.now();
    if (now - key < AFTER_KEY_MS && now - since < PUT_OFF_MS) {
      setTimeout(turn, AFTER_KEY_MS - (now - key));
      return;
    }
    running = false;
    running = piece(() => performance.now() - now > PIECE_MS);
    if (running) idle(turn);
  }
  return () => {
    if (running) return;
    running = true;
    since = performance.now();
    idle(turn);
  };
}
