// Files that are read into a field; exports and months that are still being worked at.
// @ts-check

import { fragment } from "./page.js";

const EVERY_MS = 1000;
const LONGEST_MS = 15000;

for (const part of document.querySelectorAll("[data-with-script]")) part.removeAttribute("hidden");

for (const each of document.querySelectorAll("input[type=file][data-into]")) {
  const picker = /** @type {HTMLInputElement} */ (each);
  picker.addEventListener("change", async () => {
    const into = /** @type {HTMLTextAreaElement | null} */ (
      document.getElementById(picker.dataset.into ?? "")
    );
    const file = picker.files?.[0];
    if (into && file) into.value = await file.text();
    const named = /** @type {HTMLInputElement | null} */ (
      document.getElementById(picker.dataset.nameInto ?? "")
    );
    if (named && file) named.value = file.name;
  });
}

/**
 * @param {HTMLElement} place whose `data-progress` names the part of the page that goes into it
 * @param {boolean} begun whether something has just been asked for
 */
function follow(place, begun) {
  let wait = EVERY_MS;
  const again = async () => {
    try {
      place.replaceChildren(await fragment(place.dataset.progress ?? ""));
      wait = EVERY_MS;
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS);
    }
    if (begun || place.querySelector("[data-running]")) setTimeout(again, wait);
    else if (place.hasAttribute("data-then-reload")) location.reload();
  };
  if (begun || place.querySelector("[data-running]")) setTimeout(again, wait);
}

for (const place of document.querySelectorAll("[data-progress]")) {
  follow(/** @type {HTMLElement} */ (place), false);
}

// The page goes on when the export is made; until then it shows how far it is.
for (const form of document.querySelectorAll("form[data-follow]")) {
  form.addEventListener("submit", () => {
    const name = /** @type {HTMLElement} */ (form).dataset.follow ?? "";
    const place = document.getElementById(name);
    if (place) follow(place, true);
  });
}
