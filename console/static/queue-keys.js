// Single keys, from the table that the help shows: never in a field, never with Ctrl, Alt or Meta.
// @ts-check

const PREFIX_MS = 1_500;

/** @param {Record<string, () => void>} actions by what the table says they do @param {boolean} on single keys are wanted */
export function listen(actions, on) {
  /** @type {Map<string, string>} */
  const table = new Map();
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#q-help tr[data-does]"))) {
    if (row.dataset.key) table.set(row.dataset.key, row.dataset.does ?? "");
  }
  let before = "";
  let since = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (document.querySelector("dialog[open]") || inField(target)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!target.closest("#q-rows")) return;
      event.preventDefault();
      return actions[event.key === "ArrowDown" ? "next" : "previous"]();
    }
    if (!on) return;
    const pair = performance.now() - since < PREFIX_MS ? `${before} ${event.key}` : "";
    const extend = event.shiftKey && table.get(event.key.toLowerCase()) === "next";
    const does = extend ? "extend" : (table.get(pair) ?? table.get(event.key));
    [before, since] = [event.key, performance.now()];
    if (!does || !actions[does]) return;
    event.preventDefault();
    before = "";
    actions[does]();
  });
}

/** @param {HTMLElement} element */
function inField(element) {
  if (element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName)) return true;
  return element.tagName === "INPUT" && !["checkbox", "radio", "button"].includes(/** @type {HTMLInputElement} */ (element).type);
}
