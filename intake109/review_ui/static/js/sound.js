/* The sound of danger: two short tones, made here. Off until the person has allowed it with the bell in the bar. */
import { toast } from "./toast.js";
import { word } from "./words.js";

const MEMORY = "alert-sound";
const TONES = [[880, 0], [660, 0.22], [880, 0.44]];
const LENGTH_S = 0.18;
const LOUDNESS = 0.25;
const SLOWEST_START_MS = 3000; // a busy machine takes its time; a page nobody has touched never starts at all
const bell = document.getElementById("alert-sound");
let audio = null;

/** Whether this person wants to hear and see alerts outside the page. */
export const armed = () => localStorage.getItem(MEMORY) === "on";

/** Whether this page can sound now. A browser that has not been touched since the page was loaded may keep it silent. */
export async function awake() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") await Promise.race([audio.resume(), new Promise((go) => { setTimeout(go, SLOWEST_START_MS); })]);
  return audio.state === "running";
}

/** Sound once, where the person has allowed it and the page is awake. */
export function ring() {
  if (!armed()) return;
  document.documentElement.dataset.rung = String(Number(document.documentElement.dataset.rung || 0) + 1);
  for (const [pitch, after] of TONES) {
    const [tone, loudness, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + after];
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(LOUDNESS, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + LENGTH_S);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + LENGTH_S);
  }
}

function show() {
  bell.setAttribute("aria-pressed", String(armed()));
  const label = bell.dataset[armed() ? "on" : "off"];
  bell.title = label;
  bell.setAttribute("aria-label", label);
}

async function turn() {
  localStorage.setItem(MEMORY, armed() ? "off" : "on");
  show();
  if (!armed()) return;
  awake().then((can) => can && ring());
  const asked = "Notification" in window && Notification.permission === "default" ? await Notification.requestPermission() : "";
  toast(word(asked === "denied" ? "sound_only" : "sound_on"));
}

export function start() {
  if (!bell) return;
  show();
  bell.addEventListener("click", turn);
}
