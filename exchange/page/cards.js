// What lies over the keypad for a while: a recording, others being rung, a place to type what one would say.

import { clock, made } from "./made.js";
import * as microphone from "./microphone.js";
import { parts, say } from "./words.js";

export function cards(card) {
  let leave = () => {};

  function close() {
    leave();
    leave = () => {};
    card.hidden = true;
    card.replaceChildren();
    card.className = "card";
  }

  function open(kind, ...within) {
    close();
    card.classList.add(kind);
    card.replaceChildren(...within.filter(Boolean));
    card.hidden = false;
  }

  const button = (text, click, kind = "") => made("button", { type: "button", class: kind, click }, text);

  function incoming(number, answer, decline) {
    open("incoming", made("p", {}, ...parts("is_calling", { number: made("b", {}, number) })),
      made("div", { class: "row" }, button(say("answer"), answer, "go"), button(say("decline"), decline, "stop")));
  }

  function dialling(numbers, connected, decide) {
    const choices = connected
      ? [button(say("they_hang_up"), () => decide("completed"))]
      : [button(say("answers"), () => decide("answered"), "go"), button(say("busy"), () => decide("busy")), button(say("no_answer"), () => decide("no-answer"))];
    const says = parts(connected ? "no_sound_passes" : "decide", { number: made("b", {}, numbers) });
    open("dialling", made("p", {}, ...says), made("div", { class: "row" }, ...choices));
  }

  function speech(speak, code, press) {
    const box = made("input", { placeholder: say("would_say"), "aria-label": say("you_say") });
    const form = made("form", { submit: (event) => { event.preventDefault(); if (box.value.trim()) speak(box.value.trim()); } },
      box, made("button", { type: "submit", class: "go" }, say("say")));
    const chip = code && made("div", { class: "chip" }, button(say("press", { keys: code }), () => { close(); press(code); }));
    open("speech", chip || null, form);
  }

  function code(text, press) {
    open("code", button(say("press", { keys: text }), () => { close(); press(text); }));
  }

  // Records until `finish(endedBy)` is called or silence or the longest time ends it; `done(wav, endedBy)` follows once.
  async function recording({ longest, silence, finish }, done) {
    const began = performance.now();
    let over = false, quietSince = began, tape = null, own = null;
    const end = (endedBy) => {
      if (over) return;
      over = true;
      const wav = own ?? tape?.stop() ?? null;
      close();
      done(wav, endedBy);
    };
    const hasMicrophone = await microphone.open();
    if (over) return end;
    const stopKey = finish.includes("#") ? "#" : finish[0] ?? "";
    const time = made("time", {}, "0:00");
    const meter = made("canvas", { class: "meter", "aria-hidden": "true" });
    const use = (wav) => { own = wav; time.textContent = say("recorded"); end(stopKey); };
    const file = made("input", { type: "file", accept: "audio/*", class: "unseen",
      change: () => file.files[0] && microphone.fromFile(file.files[0]).then(use).catch(() => { file.value = ""; }) });
    open("recording",
      made("p", {}, made("span", { class: "dot" }), say(hasMicrophone ? "recording_for" : "no_microphone"), time, made("small", {}, say("of_longest", { time: clock(longest) }))),
      hasMicrophone ? meter : null,
      made("div", { class: "row" }, stopKey && hasMicrophone ? button(say("done", { key: stopKey }), () => end(stopKey), "go") : null,
        button(say("sample"), () => use(microphone.sample())), made("label", { class: "button" }, say("file"), file)));
    const draw = levels(meter);
    if (hasMicrophone) {
      tape = await microphone.start((level) => { draw(level); if (level > 0.02) quietSince = performance.now(); });
    }
    const ticking = setInterval(() => {
      const now = performance.now();
      time.textContent = clock((now - began) / 1000);
      if ((now - began) / 1000 >= longest) end("");
      else if (hasMicrophone && silence > 0 && (now - quietSince) / 1000 >= silence) end("");
    }, 200);
    leave = () => clearInterval(ticking);
    return end;
  }

  return { close, incoming, dialling, speech, code, recording };
}

function levels(canvas) {
  const kept = new Array(56).fill(0);
  return (level) => {
    kept.push(level);
    kept.shift();
    const scale = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
    if (canvas.width !== width) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = getComputedStyle(canvas).color;
    const step = width / kept.length;
    kept.forEach((loud, n) => {
      const tall = Math.max(2 * scale, Math.sqrt(loud) * height);
      pen.globalAlpha = 0.35 + 0.65 * (n / kept.length);
      pen.beginPath();
      pen.roundRect(n * step + step * 0.2, (height - tall) / 2, step * 0.6, tall, step);
      pen.fill();
    });
  };
}
