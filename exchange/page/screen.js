// The telephone's screen: its state in words, the time, and all that is said and pressed.

import { clock, made } from "./made.js";

const phone = document.querySelector(".phone");
const said = document.querySelector("#said");
const hint = document.querySelector("#hint");
let ticking = 0;

// Where the screen grows or shrinks, what was said last stays in sight.
new ResizeObserver(() => said.parentElement.scrollTo({ top: said.parentElement.scrollHeight })).observe(said.parentElement);

export function mode(name, words) {
  phone.dataset.mode = name;
  document.querySelector("#state").textContent = words;
  const label = { idle: "Call", ended: "Call" }[name] ?? "Hang up";
  document.querySelector("#call span").textContent = label;
  document.querySelector("#numbers").inert = !["idle", "ended"].includes(name);
  document.title = name === "idle" ? "Telephone" : `${words} \u00b7 Telephone`;
}

export function fresh() {
  said.replaceChildren();
  hint.hidden = true;
}

export function time(began, seconds = 0) {
  clearInterval(ticking);
  const write = (passed) => { document.querySelector("#clock").textContent = clock(passed); };
  if (!began) write(seconds ?? 0);
  const show = () => write((Date.now() - began) / 1000);
  if (began) { show(); ticking = setInterval(show, 500); }
}

function add(line) {
  said.append(line);
  said.parentElement.scrollTo({ top: said.parentElement.scrollHeight, behavior: "smooth" });
  return line;
}

export function speaking({ text, language, seconds, sort }) {
  document.querySelectorAll("#said .now").forEach((line) => line.classList.remove("now"));
  if (sort === "pause") return;
  const line = made("li", { class: `voice now ${sort}`, lang: language || false },
    made("p", {}, sort === "beep" ? "tone" : sort === "play" ? `\u266a ${text.split("/").pop()}` : text));
  line.style.setProperty("--takes", `${seconds ?? 3}s`);
  add(line);
}

export function silent() {
  document.querySelectorAll("#said .now").forEach((line) => line.classList.remove("now"));
}

export function key(one) {
  const last = said.lastElementChild;
  const line = last?.classList.contains("keyed") ? last : add(made("li", { class: "keyed" }));
  line.append(made("kbd", {}, one));
  said.parentElement.scrollTo({ top: said.parentElement.scrollHeight });
}

export const own = (text) => add(made("li", { class: "own" }, made("p", {}, text)));
export const note = (text, kind = "") => add(made("li", { class: `note ${kind}` }, text));
