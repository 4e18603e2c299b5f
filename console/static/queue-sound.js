// Tones: off unless somebody asked for them, made here, at most once a minute.
// @ts-check
import { ask, toast } from "./page.js";

const APART_MS = 60_000;
/** Beeps and their pitch. @type {Record<string, [number, number]>} */
const TONES = { critical: [3, 880], high: [2, 660], medium: [1, 523], low: [1, 392] };
const ORDER = Object.keys(TONES);
/** @type {AudioContext | null} */
let audio = null;
let last = -APART_MS;

/** @param {Set<string>} on severities that sound */
export function sounds(on) {
  const button = document.getElementById("q-sound");
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("q-sounds"));
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("q-sound-form"));

  function unlock() {
    audio ??= new AudioContext();
    void audio.resume();
  }
  /** @param {string} severity */
  function play(severity) {
    if (!audio) return;
    const [beeps, pitch] = TONES[severity];
    for (let beep = 0; beep < beeps; beep++) {
      const at = audio.currentTime + beep * 0.28;
      const tone = new OscillatorNode(audio, { frequency: pitch });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
      volume.gain.linearRampToValueAtTime(0, at + 0.2);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.22);
    }
  }
  function show() {
    button?.setAttribute("aria-pressed", String(on.size > 0));
    const words = button?.querySelector("span");
    if (words) words.textContent = on.size ? "Sound on" : "Sound off";
    const use = button?.querySelector("use");
    const where = use?.getAttribute("href")?.split("#")[0];
    if (use) use.setAttribute("href", `${where}#${on.size ? "sound" : "mute"}`);
  }
  button?.addEventListener("click", () => dialog?.showModal());
  document.getElementById("q-sound-test")?.addEventListener("click", () => {
    unlock();
    const ticked = form ? [...new FormData(form).keys()] : [];
    play(ORDER.find((each) => ticked.includes(each)) ?? "critical");
  });
  dialog?.addEventListener("close", async () => {
    const ticked = form ? [...new FormData(form).keys()] : [];
    on.clear();
    for (const each of ticked) on.add(each);
    if (on.size) unlock();
    show();
    const chosen = Object.fromEntries(ORDER.map((each) => [each, on.has(each)]));
    try {
      await ask("PATCH", "/me", { preferences: { sound: chosen } });
    } catch {
      toast("The choice of sounds holds for this page only: it could not be saved.", { bad: true });
    }
  });
  for (const gesture of ["pointerdown", "keydown"]) {
    addEventListener(gesture, () => on.size && unlock(), { once: true });
  }
  show();
  return {
    /** The gravest of these, unless there was a tone just now. @param {string[]} severities */
    tell(severities) {
      const which = ORDER.find((each) => severities.includes(each) && on.has(each));
      if (!which || performance.now() - last < APART_MS) return;
      last = performance.now();
      play(which);
    },
  };
}
