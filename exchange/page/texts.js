// Text messages of the telephone's own number, as bubbles; one can write back.

import { made } from "./made.js";

const panel = document.querySelector("#texts");
const list = panel.querySelector("ol");
const form = panel.querySelector("form");
const unread = document.querySelector("#unread");
let own = "", count = 0, write = () => {};

export const onWrite = (act) => { write = act; };

export async function load(number) {
  own = number;
  seen();
  const answer = await fetch(`phone/messages?number=${encodeURIComponent(number)}`);
  const messages = await answer.json();
  if (number !== own) return; // another telephone was taken up meanwhile
  list.replaceChildren();
  panel.querySelector(".empty").hidden = false;
  for (const message of messages) show(message, false);
}

export function show(message, fresh = true) {
  panel.querySelector(".empty").hidden = true;
  const mine = message.from === own;
  const at = new Date(message.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const bubble = made("li", { class: mine ? "mine" : "theirs" },
    made("p", {}, message.body), made("small", {}, mine ? at : `${message.from} \u00b7 ${at}`));
  list.append(bubble);
  list.scrollTo({ top: list.scrollHeight });
  if (fresh && !mine && panel.hidden) { unread.textContent = ++count; unread.hidden = false; }
}

export function seen() {
  count = 0;
  unread.hidden = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const box = form.querySelector("input");
  write(box.value).then(() => { box.value = ""; });
});
