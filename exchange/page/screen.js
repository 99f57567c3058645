// A telephone's screen: its state in words, the time, and all that is said and pressed.

import { clock, made } from "./made.js";
import { say } from "./words.js";

export function screen(phone, changed) {
  const said = phone.querySelector(".said");
  const roll = said.parentElement;
  let ticking = 0;

  // Where the screen grows or shrinks, what was said last stays in sight.
  new ResizeObserver(() => roll.scrollTo({ top: roll.scrollHeight })).observe(roll);

  function mode(name, words) {
    phone.dataset.mode = name;
    phone.querySelector(".state").textContent = words;
    phone.querySelector(".call span").textContent = say(["idle", "ended"].includes(name) ? "call" : "hang_up");
    phone.querySelector(".numbers").inert = !["idle", "ended"].includes(name);
    changed(name, words);
  }

  function fresh() {
    said.replaceChildren();
    phone.querySelector(".hint").hidden = true;
  }

  function time(began, seconds = 0) {
    clearInterval(ticking);
    const write = (passed) => { phone.querySelector(".clock").textContent = clock(passed); };
    if (!began) write(seconds ?? 0);
    const show = () => write((Date.now() - began) / 1000);
    if (began) { show(); ticking = setInterval(show, 500); }
  }

  function add(line) {
    said.append(line);
    roll.scrollTo({ top: roll.scrollHeight, behavior: "smooth" });
    return line;
  }

  const silent = () => said.querySelectorAll(".now").forEach((line) => line.classList.remove("now"));

  function speaking({ text, language, seconds, sort }) {
    silent();
    if (sort === "pause") return;
    const line = made("li", { class: `voice now ${sort}`, lang: language || false },
      made("p", {}, sort === "beep" ? say("tone") : sort === "play" ? `\u266a ${text.split("/").pop()}` : text));
    line.style.setProperty("--takes", `${seconds ?? 3}s`);
    add(line);
  }

  function key(one) {
    const last = said.lastElementChild;
    const line = last?.classList.contains("keyed") ? last : add(made("li", { class: "keyed" }));
    line.append(made("kbd", {}, one));
    roll.scrollTo({ top: roll.scrollHeight });
  }

  const own = (text) => add(made("li", { class: "own" }, made("p", {}, text)));
  const note = (text, kind = "") => add(made("li", { class: `note ${kind}` }, text));
  return { mode, fresh, time, speaking, silent, key, own, note };
}
