// Tells a person of their own work: in the page, with a sound where they want one, and by the browser where they let it.

const EVERY = 10_000;
const STAYS = 60_000;
const MOST = 4;
const place = document.getElementById("toasts");
const SEEN = `ringback.seen.${place.dataset.me}`;
const ALLOWED = "ringback.browser";
const canNotify = "Notification" in window;
let asking = false;
let since = 0;

const stored = (act) => {
  try {
    return act();
  } catch {
    return null; // a browser that keeps nothing tells all the same
  }
};
const seen = () => Math.max(since, Number(stored(() => localStorage.getItem(SEEN)) ?? 0));

async function look() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(`${place.dataset.new}?since=${seen()}`, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (answer.ok) (await answer.json()).forEach(tell);
  } catch {
    /* the page itself says when the desk does not answer */
  } finally {
    asking = false;
  }
}

function tell(notice) {
  if (notice.id <= seen()) return;
  since = notice.id;
  stored(() => localStorage.setItem(SEEN, String(since)));
  const here = notice.page && !document.hidden;
  if (notice.page) show(notice);
  if (notice.sound) ring();
  if (notice.browser && !here && canNotify && Notification.permission === "granted" && stored(() => localStorage.getItem(ALLOWED)) === "yes") {
    const shown = new Notification(notice.title, { body: notice.who, tag: `ringback-${notice.id}` });
    shown.onclick = () => {
      window.focus();
      location.assign(notice.to);
    };
  }
}

function show(notice) {
  const toast = document.createElement("div");
  toast.className = `toast ${notice.about}`;
  const link = document.createElement("a");
  link.href = notice.to;
  link.textContent = notice.title;
  const who = document.createElement("p");
  who.textContent = notice.who;
  const away = document.createElement("button");
  away.type = "button";
  away.textContent = "×";
  away.setAttribute("aria-label", place.dataset.away);
  away.addEventListener("click", () => toast.remove());
  toast.append(link, away, who);
  place.append(toast);
  while (place.children.length > MOST) place.firstElementChild.remove();
  const go = () => (toast.matches(":hover, :focus-within") ? setTimeout(go, STAYS) : toast.remove());
  setTimeout(go, STAYS);
}

// Two soft notes. A browser that has seen no click yet keeps silent, and so do we.
function ring() {
  try {
    const sound = new AudioContext();
    [660, 880].forEach((pitch, note) => {
      const tone = new OscillatorNode(sound, { frequency: pitch });
      const loud = new GainNode(sound, { gain: 0 });
      const at = sound.currentTime + note * 0.16;
      loud.gain.linearRampToValueAtTime(0, at);
      loud.gain.linearRampToValueAtTime(0.15, at + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(loud).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.32);
      if (note) tone.onended = () => sound.close();
    });
  } catch {
    /* no sound here */
  }
}

// The browser is asked by a button alone.
const permission = document.getElementById("browser");

function say() {
  const words = permission.querySelector("span");
  const state = !canNotify || Notification.permission === "denied" ? "never" : allowed() ? "yes" : "no";
  permission.querySelector("button").hidden = state !== "no";
  words.textContent = permission.dataset[state];
}

const allowed = () => Notification.permission === "granted" && stored(() => localStorage.getItem(ALLOWED)) === "yes";

if (permission) {
  permission.hidden = false;
  permission.querySelector("button").addEventListener("click", async () => {
    if ((await Notification.requestPermission()) === "granted") stored(() => localStorage.setItem(ALLOWED, "yes"));
    say();
  });
  say();
}

document.querySelector("[data-live]")?.addEventListener("changed", look);
document.addEventListener("visibilitychange", look);
setInterval(look, EVERY);
look();
