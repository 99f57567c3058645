// Keeps a page true: asks for what changes on it every five seconds, and puts in only what did.

const EVERY = 5000;
const region = document.querySelector("[data-live]");
const lost = document.getElementById("lost");
const title = document.title;
const shown = new Map([...document.querySelectorAll("[data-part]")].map((part) => [part.id, part.outerHTML]));
let mark = "";
let heard = new Date();

function put(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    const html = part.outerHTML;
    if (!old || shown.get(part.id) === html || isPlaying(old)) continue;
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const place = document.importNode(part, true);
    old.replaceWith(place);
    shown.set(part.id, html);
    if (held) sameIn(place, held)?.focus({ preventScroll: true });
  }
  count();
}

// Nobody is interrupted while listening to a message.
const isPlaying = (part) => [...part.querySelectorAll("audio")].some((sound) => !sound.paused);

const sameIn = (place, held) =>
  [...place.querySelectorAll(held.tagName)].find(
    (each) => each.getAttribute("href") === held.getAttribute("href") && each.className === held.className,
  );

function count() {
  const late = document.getElementById("counts")?.dataset.late ?? "0";
  document.title = late === "0" ? title : `(${late}) ${title}`;
}

function say(isLost) {
  const at = heard.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  lost.hidden = !isLost;
  lost.textContent = isLost ? lost.dataset.words.replace("{at}", at) : "";
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(region.dataset.live, {
      cache: "no-store",
      headers: mark ? { "If-None-Match": mark } : {},
      signal: AbortSignal.timeout(EVERY),
    });
    if (answer.status === 401) return location.reload();
    if (!answer.ok && answer.status !== 304) throw new Error(answer.status);
    const page = answer.status === 200 ? await answer.text() : "";
    mark = answer.headers.get("ETag") ?? mark;
    heard = new Date();
    if (page) put(page);
    say(false);
  } catch {
    say(true);
  }
}

// A message is played where it is listed, and goes on playing while the list changes.
function play(click) {
  const link = click.target.closest("[data-play]");
  if (!link) return;
  click.preventDefault();
  const player = document.getElementById("player");
  const sound = player.querySelector("audio");
  player.hidden = false;
  player.querySelector("span").textContent = link.dataset.play;
  if (sound.getAttribute("src") !== link.getAttribute("href")) sound.src = link.getAttribute("href");
  sound.play().catch(() => {});
}

// A button pressed twice is pressed once.
function press(sent) {
  if (sent.target.dataset.sent) return sent.preventDefault();
  sent.target.dataset.sent = "yes";
}

// Ready, busy or away is said without leaving the page: a half-written note stays.
async function quietly(sent) {
  const form = sent.target;
  if (!region || !form.matches("[data-quiet]") || sent.defaultPrevented || !sent.submitter) return;
  sent.preventDefault();
  const body = new FormData(form);
  body.set(sent.submitter.name, sent.submitter.value);
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(EVERY) });
  } catch {
    say(true);
  }
  delete form.dataset.sent;
  look();
}

document.addEventListener("submit", press);
document.addEventListener("submit", quietly);
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
if (region) {
  document.addEventListener("click", play);
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
  count();
}
