// Keeps a page true. htmx asks what changed and morphs it in; here is when it asks, and what is said when nobody answers.

const QUIET = 12000; // The desk says every five seconds that it is there; after this long without a word it is not believed.
const SELDOM = 15000; // While it is, a page asks by itself only so often: time passes, too.
const region = document.querySelector("[data-live]");
const lost = document.getElementById("lost");
const title = document.title;
let mark = "";
let heard = new Date();
let asked = 0;
let spoken = 0;
let news = "";
let sent = "";
let stream, soon;

const look = () => region?.dispatchEvent(new Event("changed"));

// Of what the page has, it wants to hear no more than that it still holds.
function ask(event) {
  const { ctx } = event.detail;
  const isTold = lost.hidden && Date.now() - spoken < QUIET && Date.now() - heard < SELDOM;
  if (document.hidden || (ctx.sourceEvent.type === "every" && isTold)) return event.preventDefault();
  asked = Date.now();
  if (mark) ctx.request.headers["If-None-Match"] = mark;
  sent = news;
  if (sent) ctx.request.headers["Desk-Heard"] = sent;
}

// Many pages hear of a change at once: each asks a little later than another, and not again at once.
function lookSoon(within) {
  const wait = Math.max(Math.random() * within, asked + 1.5 * within - Date.now());
  soon ??= setTimeout(() => {
    soon = undefined;
    look();
  }, wait);
}

// Says only that something changed. It is open while the page is seen: a browser has few such lines, and the desk too.
function listen() {
  if (document.hidden) stream = stream?.close();
  else if (!stream || stream.readyState === EventSource.CLOSED) {
    stream = new EventSource(region.dataset.events);
    stream.addEventListener("beat", () => (spoken = Date.now()));
    stream.addEventListener("changed", ({ data }) => {
      const [within, told] = data.split(" ");
      news = told; // brought back with the look: what the desk has at hand will do if it knows of this
      lookSoon(Number(within));
    });
    stream.addEventListener("open", () => lookSoon(500));
  }
}

function answered(event) {
  const { status, headers } = event.detail.ctx.response;
  if (status === 401) location.reload();
  if (status === 503 && Date.now() - heard < SELDOM) {
    lookSoon(2000); // too many look at this instant
    return event.preventDefault();
  }
  const isTrue = status === 200 || status === 304;
  if (isTrue) {
    mark = headers.get("ETag") ?? mark;
    heard = new Date();
    if (news === sent) news = ""; // who looks untold is answered by nothing but the newest
  }
  say(!isTrue);
  if (!isTrue) event.preventDefault();
}

// A list says the same to everybody; which of its rows are one's own is marked here.
function own() {
  for (const row of document.querySelectorAll("[data-agent]"))
    row.classList.toggle("mine", row.dataset.agent === document.body.dataset.me);
}

function count() {
  const late = document.getElementById("counts")?.dataset.late ?? "0";
  document.title = late === "0" ? title : `(${late}) ${title}`;
}

function say(isLost) {
  const at = heard.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  lost.hidden = !isLost;
  lost.textContent = isLost ? lost.dataset.words.replace("{at}", at) : "";
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
    await fetch(form.action, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(5000) });
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
  region.addEventListener("htmx:config:request", ask);
  region.addEventListener("htmx:before:response", answered);
  region.addEventListener("htmx:error", () => say(true));
  region.addEventListener("htmx:after:swap", count);
  region.addEventListener("htmx:after:swap", own);
  document.addEventListener("click", play);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("visibilitychange", listen);
  setInterval(listen, 30000);
  listen();
  count();
  own();
}
