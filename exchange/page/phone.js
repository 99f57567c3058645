// The telephone: places and takes calls, presses keys, hears what is said, records messages.

import { Call } from "./call.js";
import * as cards from "./cards.js";
import { clock, post } from "./made.js";
import * as microphone from "./microphone.js";
import * as screen from "./screen.js";
import * as story from "./story.js";
import * as texts from "./texts.js";
import * as tones from "./tones.js";
import * as voice from "./voice.js";

const asked = new URLSearchParams(location.search);
const own = document.querySelector("#from");
const other = document.querySelector("#to");
const numbers = document.body.dataset.numbers.split(" ");
let call = null, placing = false, feed = null, feedOf = "", finishRecording = null, player = null, dialled = "", ending = "";

const bare = (box) => box.value.replace(/[\s()\-.]/g, "") || box.value.trim();
const live = () => call && !call.over;

// What the exchange tells.

const told = {
  call(news) {
    if (placing && !news.incoming) { begin(new Call(news.call)); return; }
    if (live() || !news.incoming) return;
    begin(new Call(news.call, true));
    screen.mode("incoming", "Incoming call");
    tones.ring([425, 450], 1, 3000);
    cards.incoming(news.number, answer, () => { cards.close(); call.decline(); });
  },
  sound(news) {
    tones.quiet();
    started();
    screen.mode("speaking", "Speaking");
    screen.speaking(news);
    if (news.sort === "beep") tones.beep();
    if (news.sort === "say") hear(news, voice.say(news.text, news.language, news.seconds ?? 5));
    if (news.sort === "play") hear(news, play(news.sound));
  },
  wait(news) {
    if (news.verb === "gather") listen(news);
    if (news.verb === "record") record(news);
  },
  dial(news) {
    screen.mode("dialling", "Ringing");
    tones.ring();
    dialled = news.numbers.join(", ");
    screen.note(`Ringing ${dialled}`);
    cards.dialling(dialled, false, call.dial);
  },
  connected(news) {
    tones.quiet();
    started();
    screen.mode("talking", "Connected");
    screen.note(`Connected${news.other ? ` with ${news.other}` : ""}`);
    if (news.other) cards.dialling(news.other, true, call.dial);
    else cards.close();
  },
  whispered(news) { screen.note(`${news.other} hears: ${news.text}`); },
  note(news) { screen.note(news.text, "fault"); },
  webhook(news) { story.show(news); },
  ended(news) { over(news); },
};

function hears(news) {
  if (news.kind === "message") { texts.show(news.message); return; }
  if (news.kind !== "call" && news.call !== call?.sid) return;
  if (call && news.call === call.sid) Object.assign(call, { state: news.state, verb: news.verb });
  told[news.kind]?.(news);
}

// Opens the feed of a number; resolves once nothing can be missed any more.
function lookAt(number) {
  if (feedOf === number && feed?.readyState === EventSource.OPEN) return Promise.resolve();
  feed?.close();
  feedOf = number;
  feed = new EventSource(`/phone/feed?number=${encodeURIComponent(number)}`);
  feed.onmessage = ({ data }) => hears(JSON.parse(data));
  texts.load(number).catch(() => {});
  return new Promise((resolve) => {
    feed.onopen = () => { document.querySelector(".phone").dataset.looking = "yes"; resolve(); };
  });
}

// A call's course.

async function place() {
  if (placing || live()) return;
  tones.audio();
  for (const box of [other, own]) if (!box.reportValidity()) return;
  placing = true;
  microphone.open();
  localStorage.setItem("own", own.value);
  screen.fresh();
  story.clear();
  screen.mode("ringing", "Ringing");
  tones.ring();
  try {
    await lookAt(bare(own));
    await post("/phone/calls", { from: bare(own), to: bare(other) });
  } catch {
    placing = false;
    tones.quiet();
    screen.mode("idle", "The exchange does not answer");
  }
}

function begin(made) {
  call = made;
  placing = false;
  if (!made.incoming) return;
  screen.fresh();
  story.clear();
}

function answer() {
  microphone.open();
  tones.quiet();
  cards.close();
  call.answer();
}

function started() {
  if (call.began) return;
  call.began = Date.now();
  screen.time(call.began);
}

async function hear(news, sound) {
  const mine = call;
  const whole = await sound;
  if (whole && mine === call && live()) mine.heard(news.sound);
}

function play(number) {
  player = new Audio(`/phone/calls/${call.sid}/sounds/${number}`);
  player.muted = voice.muted;
  return new Promise((resolve) => {
    player.onended = () => resolve(true);
    player.onerror = () => { screen.note("The sound could not be fetched.", "fault"); resolve(true); };
    player.play().catch(() => resolve(true));
  });
}

function hush() {
  voice.stop();
  player?.pause();
  player = null;
  screen.silent();
}

function listen(news) {
  started();
  tones.quiet();
  if (!news.sounding) {
    screen.silent();
    screen.mode("listening", news.hears.includes("speech") ? "Your keys or words" : "Your keys");
  }
  if (news.digits || !document.querySelector("#card").hidden) return;
  const code = offered(news);
  const say = (text) => { screen.own(text); cards.close(); call.speech(text); };
  if (news.hears.includes("speech")) cards.speech(say, code, type);
  else if (code) cards.code(code, type);
}

// The code of the page's address as keys, once in a call, where so many digits are listened for.
function offered(news) {
  const code = asked.get("code");
  if (!code || call.coded || !news.hears.includes("dtmf") || (news.most ?? 99) < code.length) return "";
  return news.most === code.length ? code : `${code}#`;
}

async function record(news) {
  started();
  screen.silent();
  screen.mode("recording", "Recording");
  const mine = call;
  let ended = false;
  ending = news.finish;
  finishRecording = (endedBy) => { ended = endedBy; };
  const finish = await cards.recording(news, (wav, endedBy) => {
    finishRecording = null;
    if (wav) screen.own(`Message, ${clock((wav.size - 44) / 16000)}`);
    if (!mine.over) mine.recording(wav, endedBy);
  });
  if (ended !== false) finish(ended);
  else if (finishRecording) finishRecording = finish;
}

function hangUp() {
  if (!live()) return;
  hush();
  if (call.incoming && call.state === "ringing") call.decline();
  else if (finishRecording) finishRecording("hangup");
  else call.hangUp();
}

function over(news) {
  call.over = true;
  finishRecording = null;
  hush();
  tones.quiet();
  tones.gone();
  cards.close();
  microphone.close();
  screen.time(0, news.seconds);
  const why = { busy: "Busy", "no-answer": "No answer", failed: "Failed", canceled: "Cancelled" }[news.state];
  screen.mode("ended", why ?? "Call ended");
  screen.note(why ?? `Call ended after ${clock(news.seconds ?? 0)}`);
}

// Keys.

function press(key) {
  tones.key(key);
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 130);
  if (!live()) { if (!placing) other.value += key; return; }
  hush();
  if (finishRecording) { if (ending.includes(key)) { screen.key(key); finishRecording(key); } return; }
  if (["listening", "speaking"].includes(document.querySelector(".phone").dataset.mode)) screen.key(key);
  if (call.verb === "gather") cards.close();
  call.keys(key);
}

function type(keys) {
  call.coded = true;
  [...keys].forEach((key, n) => setTimeout(() => live() && press(key), n * 170));
}

// The page.

document.querySelectorAll("[data-key]").forEach((button) => button.addEventListener("click", () => press(button.dataset.key)));
document.querySelector("#call").addEventListener("click", () => (live() ? hangUp() : place()));
document.querySelector("#numbers").addEventListener("submit", (event) => { event.preventDefault(); place(); });
own.addEventListener("change", () => lookAt(bare(own)));
addEventListener("pagehide", () => { if (live()) { hangUp(); call.hangUp(); } });

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "Escape") { hangUp(); return; }
  if (event.target.closest("input, textarea")) { if (event.key === "Enter" && event.target.form?.id === "numbers") { event.preventDefault(); place(); } return; }
  if (/^[0-9*#]$/.test(event.key)) { event.preventDefault(); press(event.key); }
  if (event.key === "Enter" && !event.target.closest("button, summary, label")) place();
});

const muting = document.querySelector("#mute");
const showMute = () => muting.setAttribute("aria-pressed", String(voice.muted));
muting.addEventListener("click", () => { voice.mute(!voice.muted); if (player) player.muted = voice.muted; showMute(); });
showMute();

document.querySelectorAll("[role=tab]").forEach((tab) => tab.addEventListener("click", () => {
  for (const one of document.querySelectorAll("[role=tab]")) {
    const shown = one === tab;
    one.setAttribute("aria-selected", String(shown));
    document.getElementById(one.getAttribute("aria-controls")).hidden = !shown;
  }
  if (tab.id === "tab-texts") texts.seen();
}));

other.value = asked.get("to") ?? numbers[0];
own.value = asked.get("from") ?? localStorage.getItem("own") ?? "+390212345678";
lookAt(bare(own));
