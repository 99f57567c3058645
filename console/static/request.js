// One request: the note is kept while it is typed, a call counts its seconds, Enter in a field presses its own button.

const SOON = 700;
const AGAIN = 4000;

const place = document.querySelector("[data-draft]");
const note = place.querySelector("textarea");
const said = place.querySelector(".kept");
const form = note.form;
const on = form.elements.on;
const newer = place.querySelector(".newer");
let kept = note.value;
let tried = []; // sent without an answer: kept, or not
let waiting = 0;
let under_way = null;
let over = false;

const say = (words) => {
  if (said.textContent !== words) said.textContent = words;
};

// What was typed last wins: one is sent at a time, and what came meanwhile is sent after it.
async function keep() {
  clearTimeout(waiting);
  if (over || under_way || !newer.hidden || note.value === kept) return;
  const text = note.value;
  under_way = new AbortController();
  try {
    const answer = await fetch(place.dataset.draft, {
      method: "POST", body: body(text), redirect: "manual",
      signal: AbortSignal.any([under_way.signal, AbortSignal.timeout(5000)]),
    });
    if (!answer.ok) throw new Error(answer.status);
    if (answer.headers.get("Content-Type").startsWith("application/json")) return overtaken((await answer.json()).newer);
    known(text);
    say(text.trim() ? said.dataset.kept.replace("{at}", await answer.text()) : "");
    under_way = null;
    if (note.value !== kept) soon();
  } catch {
    under_way = null;
    if (over) return;
    say(said.dataset.lost);
    waiting = setTimeout(keep, AGAIN);
  }
}

function body(text) {
  const data = new URLSearchParams();
  data.set("csrf_token", form.elements.csrf_token.value);
  data.set("note", text);
  for (const each of [kept, ...tried]) data.append("on", each);
  tried = [...tried, text].slice(-8);
  return data;
}

// What the desk keeps, as far as this window knows.
function known(text) {
  kept = on.value = text;
  tried = [];
}

// Another window of the same person was later: what it has kept stays until one of the two is chosen.
function overtaken(text) {
  under_way = null;
  known(text);
  say("");
  newer.querySelector("blockquote").textContent = text;
  newer.hidden = false;
}

newer.addEventListener("click", ({ target }) => {
  if (!target.dataset.newer) return;
  if (target.dataset.newer === "theirs") note.value = kept;
  newer.hidden = true;
  note.focus();
  keep();
});

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(keep, SOON);
}

// A page that goes away sends what it still holds: the browser delivers it after the page is gone.
function leave() {
  if (over || !newer.hidden || note.value === kept) return;
  navigator.sendBeacon(place.dataset.draft, body(note.value));
}

// With a button the note itself is sent: nothing may come after it.
function send(sent) {
  if (sent.target !== form || sent.defaultPrevented) return;
  over = true;
  clearTimeout(waiting);
  under_way?.abort();
  on.after(...tried.map((text) => Object.assign(document.createElement("input"), { type: "hidden", name: "on", value: text })));
}

note.addEventListener("input", soon);
note.addEventListener("blur", keep);
document.addEventListener("submit", send);
document.addEventListener("visibilitychange", () => document.hidden && leave());
window.addEventListener("pagehide", leave);
window.addEventListener("pageshow", (shown) => {
  if (shown.persisted) over = false;
});

form.addEventListener("keydown", (key) => {
  const button = key.key === "Enter" && document.getElementById(key.target.dataset?.enter ?? "");
  if (!button) return;
  key.preventDefault();
  button.click();
});

// Seconds of a talk, counted between two looks at the desk.
let since = 0;
let told = "";

function count() {
  const shown = document.querySelector(".counts[data-seconds]");
  if (!shown) return;
  if (shown.dataset.seconds !== told) {
    told = shown.dataset.seconds;
    since = performance.now() - Number(told) * 1000;
  }
  const seconds = Math.floor((performance.now() - since) / 1000);
  const words = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (shown.textContent !== words) shown.textContent = words;
}

setInterval(count, 250);
count();

// What was done is said for a while; then the page itself tells how it stands.
const SAID_FOR = 8000;
setTimeout(() => document.querySelectorAll(".said").forEach((said) => said.remove()), SAID_FOR);
