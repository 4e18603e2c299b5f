// Charts that can be read: each reading's value and time under the pointer, a finger, or the arrow
// keys, and the same readings as a table. Without this script the table is a page of its own.
// @ts-check
import { fragment } from "./page.js";

/** @typedef {{x: number, when: string, value: string, remark: string}} Point */

/**
 * What the server has drawn, as a table; asked for once.
 * @param {HTMLElement} chart
 */
function reader(chart) {
  /** @type {Promise<DocumentFragment> | undefined} */
  let asked;
  return () => (asked ??= fragment(chart.dataset.rows ?? ""));
}

/**
 * @param {DocumentFragment} rows the latest first
 * @returns {Point[]} from left to right
 */
function pointsOf(rows) {
  return Array.from(rows.querySelectorAll("tr[data-x]"), (row) => {
    const [when, value, remark] = Array.from(row.children, (cell) => cell.textContent ?? "");
    return { x: Number(row.getAttribute("data-x")), when: when.trim(), value, remark };
  }).reverse();
}

/** @param {Point[]} points @param {number} x in percent @returns {number} */
function nearest(points, x) {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].x < x) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(low - 1, 0);
  return x - points[before].x < points[low].x - x ? before : low;
}

/** @param {HTMLElement} chart */
function bring(chart) {
  const rows = reader(chart);
  const tip = /** @type {HTMLElement} */ (chart.querySelector(".tip"));
  const said = /** @type {HTMLElement} */ (chart.parentElement?.querySelector("[data-said]"));
  const plots = Array.from(chart.querySelectorAll(".plot"));
  const cursors = plots.map((plot) => /** @type {SVGElement} */ (plot.querySelector(".cursor")));
  /** @type {Point[]} */
  let points = [];
  let here = -1;

  const load = async () => {
    if (points.length) return;
    points = pointsOf(/** @type {DocumentFragment} */ ((await rows()).cloneNode(true)));
  };

  /** @param {number} index @param {boolean} aloud */
  const show = (index, aloud) => {
    here = Math.min(Math.max(index, 0), points.length - 1);
    const point = points[here];
    if (!point) return;
    for (const cursor of cursors) {
      cursor.setAttribute("x1", `${point.x}%`);
      cursor.setAttribute("x2", `${point.x}%`);
      cursor.setAttribute("visibility", "visible");
    }
    const value = document.createElement("b");
    const when = document.createElement("span");
    const remark = document.createElement("small");
    value.textContent = point.value;
    when.textContent = point.when;
    remark.textContent = point.remark;
    tip.replaceChildren(value, when, remark);
    tip.hidden = false;
    place(point.x);
    if (aloud) said.textContent = [point.value, point.when, point.remark].filter(Boolean).join(", ");
  };

  /** Beside the line, on the side where there is room. @param {number} x */
  const place = (x) => {
    const whole = chart.getBoundingClientRect();
    const plot = plots[0].getBoundingClientRect();
    const at = plot.left - whole.left + (plot.width * x) / 100;
    const room = whole.width - tip.offsetWidth;
    const left = at + 12 > room ? at - tip.offsetWidth - 12 : at + 12;
    tip.style.left = `${Math.min(Math.max(left, 0), Math.max(room, 0))}px`;
    tip.style.top = `${plot.top - whole.top + 6}px`;
  };

  const hide = () => {
    tip.hidden = true;
    for (const cursor of cursors) cursor.setAttribute("visibility", "hidden");
  };

  /** @param {PointerEvent} event */
  const point = async (event) => {
    const plot = plots[0].getBoundingClientRect();
    const x = (100 * (event.clientX - plot.left)) / plot.width;
    await load();
    show(nearest(points, x), false);
  };

  chart.addEventListener("pointermove", point);
  chart.addEventListener("pointerdown", point);
  chart.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
  chart.addEventListener("blur", hide);
  chart.addEventListener("keydown", async (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") return hide();
    const last = () => points.length - 1;
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowLeft: () => (here < 0 ? last() : here - 1),
      ArrowRight: () => (here < 0 ? 0 : here + 1),
      Home: () => 0,
      End: last,
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    await load();
    show(move(), true);
  });

  const table = chart.parentElement?.querySelector("details[data-table]");
  table?.addEventListener("toggle", async () => {
    if (table.querySelector("table")) return;
    const made = /** @type {DocumentFragment} */ ((await rows()).cloneNode(true));
    table.querySelector("p")?.replaceWith(made);
  });
}

for (const chart of document.querySelectorAll("[data-chart]")) {
  bring(/** @type {HTMLElement} */ (chart));
}

// [ and ]: the patient before and after in the queue, unless somebody types or has keys switched off.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || (event.key !== "[" && event.key !== "]")) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("input, select, textarea, [contenteditable]")) return;
  const link = document.querySelector(`[data-shortcuts] a[data-key="${event.key}"]`);
  if (link instanceof HTMLAnchorElement) link.click();
});
