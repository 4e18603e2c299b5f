// What waits for something looks again by itself: a hub that has joined, a first reading.
// @ts-check

import { fragment } from "./page.js";

const EVERY_MS = 5000;
const LONGEST_MS = 60000;

/** @param {HTMLElement} place whose `data-look` names the part of the page that goes into it */
function look(place) {
  let wait = EVERY_MS;
  const again = async () => {
    if (!document.hidden) {
      try {
        const part = await fragment(place.dataset.look ?? "");
        // Only news is put in: a screen reader would say the same words again and again.
        if (part.textContent?.trim() !== place.textContent?.trim()) place.replaceChildren(part);
        wait = EVERY_MS;
      } catch {
        wait = Math.min(wait * 2, LONGEST_MS);
      }
    }
    setTimeout(again, wait);
  };
  setTimeout(again, wait);
}

for (const place of document.querySelectorAll("[data-look]")) {
  look(/** @type {HTMLElement} */ (place));
}
