// One telephone: places and takes calls, presses keys, hears what is said, records messages.

import { Call } from "./call.js";
import { cards } from "./cards.js";
import { clock, post } from "./made.js";
import * as microphone from "./microphone.js";
import { screen } from "./screen.js";
import * as tones from "./tones.js";
import * as voice from "./voice.js";
import { knows, say } from "./words.js";

const asked = new URLSearchParams(location.search);
let made_so_far = 0;

// `looked` resolves once nothing can be missed any more; `changed(mode, words)` is told how it stands.
export function handset({ to, from, fixed, looked, changed, begins }) {
  const phone = document.querySelector("#handset").content.cloneNode(true).firstElementChild;
  const own = phone.querySelector(".from"), other = phone.querySelector(".to");
  const shown = screen(phone, changed), card = cards(phone.querySelector(".card"));
  const bell = tones.ringer(), mouth = voice.speaker();
  let call = null, placing = false, finishRecording = null, player = null, ending = "";

  const bare = (box) => box.value.replace(/[\s()\-.]/g, "") || box.value.trim();
  const live = () => Boolean(call && !call.over);

  // What the exchange tells.

  const told = {
    call(news) {
      if (placing && !news.incoming) { begin(new Call(news.call)); return; }
      if (live() || placing || !news.incoming || news.by_itself) return;
      begin(new Call(news.call, true));
      shown.mode("incoming", say("incoming"));
      bell.ring([425, 450], 1, 3000);
      card.incoming(news.number, answer, () => { card.close(); call.decline(); });
    },
    sound(news) {
      taken();
      started();
      shown.mode("speaking", say("speaking"));
      shown.speaking(news);
      if (!call.here) return;
      if (news.sort === "beep") tones.beep();
      if (news.sort === "say") hear(news, mouth.say(news.text, news.language, news.seconds ?? 5));
      if (news.sort === "play") hear(news, play(news.sound));
    },
    wait(news) {
      if (news.verb === "gather") listen(news);
      if (news.verb === "record") record(news);
    },
    dial(news) {
      const dialled = news.numbers.join(", ");
      shown.mode("dialling", say("ringing"));
      bell.ring();
      shown.note(say("ringing_number", { number: dialled }));
      card.dialling(dialled, false, call.dial);
    },
    connected(news) {
      taken();
      started();
      shown.mode("talking", say("connected"));
      shown.note(news.other ? say("connected_with", { number: news.other }) : say("connected"));
      if (news.other) card.dialling(news.other, true, call.dial);
      else card.close();
    },
    whispered(news) { shown.note(say("hears", { number: news.other, text: news.text })); },
    note(news) { shown.note(say(news.note, news), "fault"); },
    ended(news) { over(news); },
  };

  function hears(news) {
    if (news.kind !== "call" && news.call !== call?.sid) return;
    if (call && news.call === call.sid) Object.assign(call, { state: news.state, verb: news.verb });
    told[news.kind]?.(news);
  }

  // A call's course.

  async function place() {
    if (placing || live()) return;
    tones.audio();
    for (const box of [other, own]) if (!box.reportValidity()) return;
    placing = true;
    microphone.open();
    if (!fixed) localStorage.setItem("own", own.value);
    shown.fresh();
    begins();
    shown.mode("ringing", say("ringing"));
    bell.ring();
    try {
      await looked();
      await post("phone/calls", { from: bare(own), to: bare(other) });
    } catch {
      placing = false;
      bell.quiet();
      shown.mode("idle", say("no_exchange"));
    }
  }

  function begin(made) {
    call = made;
    placing = false;
    if (!made.incoming) return;
    shown.fresh();
    begins();
  }

  function answer() {
    tones.audio();
    microphone.open();
    bell.quiet();
    card.close();
    call.here = true;
    call.answer();
  }

  // A call that was answered elsewhere is only looked at from here.
  function taken() {
    bell.quiet();
    if (call.incoming && !call.here && !call.began) card.close();
  }

  function started() {
    if (call.began) return;
    call.began = Date.now();
    shown.time(call.began);
  }

  async function hear(news, sound) {
    const mine = call;
    const whole = await sound;
    if (whole && mine === call && live()) mine.heard(news.sound);
  }

  function play(number) {
    player = new Audio(`phone/calls/${call.sid}/sounds/${number}`);
    player.muted = voice.muted;
    return new Promise((resolve) => {
      player.onended = () => resolve(true);
      player.onerror = () => { shown.note(say("no_sound"), "fault"); resolve(true); };
      player.play().catch(() => resolve(true));
    });
  }

  function hush() {
    mouth.stop();
    player?.pause();
    player = null;
    shown.silent();
  }

  function listen(news) {
    started();
    bell.quiet();
    if (!news.sounding) {
      shown.silent();
      shown.mode("listening", say(news.hears.includes("speech") ? "listening_words" : "listening"));
    }
    if (news.digits || !call.here || !phone.querySelector(".card").hidden) return;
    const code = offered(news);
    const speak = (text) => { shown.own(text); card.close(); call.speech(text); };
    if (news.hears.includes("speech")) card.speech(speak, code, type);
    else if (code) card.code(code, type);
  }

  // The code of the page's address as keys, once in a call, where so many digits are listened for.
  function offered(news) {
    const code = fixed ? "" : asked.get("code");
    if (!code || call.coded || !news.hears.includes("dtmf") || (news.most ?? 99) < code.length) return "";
    return news.most === code.length ? code : `${code}#`;
  }

  async function record(news) {
    started();
    shown.silent();
    shown.mode("recording", say("recording"));
    if (!call.here) return;
    const mine = call;
    let ended = false;
    ending = news.finish;
    finishRecording = (endedBy) => { ended = endedBy; };
    const finish = await card.recording(news, (wav, endedBy) => {
      finishRecording = null;
      if (wav) shown.own(say("left_message", { time: clock((wav.size - 44) / 16000) }));
      if (!mine.over) mine.recording(wav, endedBy);
    });
    if (ended !== false) finish(ended);
    else if (finishRecording) finishRecording = finish;
  }

  function hangUp() {
    if (!live()) return;
    hush();
    if (call.incoming && !call.began && !call.here) call.decline();
    else if (finishRecording) finishRecording("hangup");
    else call.hangUp();
  }

  function leave() {
    if (live() && call.here) { hangUp(); call.hangUp(); }
  }

  function over(news) {
    const here = call.here;
    call.over = true;
    finishRecording = null;
    hush();
    bell.quiet();
    card.close();
    if (here) { tones.gone(); microphone.close(); }
    shown.time(0, news.seconds);
    const why = knows(`ended_${news.state}`) ? say(`ended_${news.state}`) : null;
    shown.mode("ended", why ?? say("ended"));
    shown.note(why ?? say("ended_after", { time: clock(news.seconds ?? 0) }));
  }

  // Keys.

  function press(key) {
    tones.key(key);
    const button = phone.querySelector(`[data-key="${CSS.escape(key)}"]`);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 130);
    if (!live()) { if (!placing) other.value += key; return; }
    hush();
    if (finishRecording) { if (ending.includes(key)) { shown.key(key); finishRecording(key); } return; }
    if (["listening", "speaking"].includes(phone.dataset.mode)) shown.key(key);
    if (call.verb === "gather") card.close();
    call.keys(key);
  }

  function type(keys) {
    call.coded = true;
    [...keys].forEach((key, n) => setTimeout(() => live() && press(key), n * 170));
  }

  // The thing itself.

  phone.querySelectorAll(".numbers label").forEach((label, n) => {
    const box = [other, own][n];
    label.htmlFor = box.id = `number-${++made_so_far}`;
  });
  [other.value, own.value, own.readOnly] = [to, from, fixed];
  phone.querySelectorAll("[data-key]").forEach((button) => button.addEventListener("click", () => press(button.dataset.key)));
  phone.querySelector(".call").addEventListener("click", () => (live() ? hangUp() : place()));
  phone.querySelector(".numbers").addEventListener("submit", (event) => { event.preventDefault(); place(); });

  const muting = phone.querySelector(".mute");
  const showMute = () => muting.setAttribute("aria-pressed", String(voice.muted));
  muting.addEventListener("click", () => { voice.mute(!voice.muted); if (player) player.muted = voice.muted; showMute(); });
  showMute();

  return {
    phone, own, hears, place, press, hangUp, leave, live, showMute,
    number: () => bare(own), to: () => bare(other), carries: (sid) => live() && call.sid === sid, placing: () => placing,
  };
}
