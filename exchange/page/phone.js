// The page: telephones on a shelf, one of them in the hand, and what the exchange tells of them all.

import { post } from "./made.js";
import * as shelf from "./shelf.js";
import * as story from "./story.js";
import * as texts from "./texts.js";
import { say } from "./words.js";

const asked = new URLSearchParams(location.search);
const numbers = document.body.dataset.numbers.split(" ");
const held = JSON.parse(document.body.dataset.held);
let feed = null, opened = Promise.resolve();

// One feed tells what happens at every number.
function look() {
  if (feed && feed.readyState !== EventSource.CLOSED) return opened;
  feed = new EventSource("phone/feed");
  feed.onmessage = ({ data }) => happens(JSON.parse(data));
  opened = new Promise((resolve) => {
    feed.onopen = () => {
      document.body.dataset.looking = "yes";
      for (const one of shelf.phones) one.phone.dataset.looking = "yes";
      resolve();
    };
  });
  return opened;
}

function happens(news) {
  if (news.kind === "message") { written(news); return; }
  let one = shelf.whose(news);
  if (!one && news.kind === "call" && news.incoming && !news.by_itself) one = stranger(news.of);
  if (!one) return;
  if (news.kind === "webhook") story.show(news, many() ? one.name : "");
  else one.hears(news);
}

function stranger(number) {
  shelf.tidy();
  return lay(say("customer", { end: number.slice(-4) }), number, true, true);
}

function lay(name, number, fixed, stranger = false) {
  return shelf.lay({ name, number, to: asked.get("to") ?? numbers[0], fixed, stranger, looked: look, begins });
}

const many = () => shelf.phones.length > 1;

// What happened is kept while anybody is on a call: what one telephone does belongs to the other's story.
function begins() {
  if (!shelf.phones.some((one) => one.live() && one.state !== "incoming")) story.clear();
}

function written({ of, message }) {
  const one = shelf.phones.find((each) => each.number() === of);
  if (one === shelf.current()) texts.show(message);
  else if (one && message.to === of) shelf.count(one, one.unread + 1);
}

shelf.onTurn((one) => texts.load(one.number()).catch(() => {}));
texts.onWrite((body) => post("phone/messages", { from: shelf.current().number(), to: shelf.current().to(), body }));

lay(say("caller"), asked.get("from") ?? localStorage.getItem("own") ?? "+390212345678", false);
for (const [number, name] of Object.entries(held)) lay(name, number, true);
look();

addEventListener("pagehide", () => shelf.phones.forEach((one) => one.leave()));
addEventListener("click", (event) => { if (event.target.closest(".mute")) shelf.phones.forEach((one) => one.showMute()); });

addEventListener("keydown", (event) => {
  const one = shelf.current();
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "Escape") { one.hangUp(); return; }
  if (event.target.closest("input, textarea")) { if (event.key === "Enter" && event.target.closest(".numbers")) { event.preventDefault(); one.place(); } return; }
  if (/^[0-9*#]$/.test(event.key)) { event.preventDefault(); one.press(event.key); }
  if (event.key === "Enter" && !event.target.closest("button, summary, label")) one.place();
});

const tabs = document.querySelectorAll(".side [role=tab]");
tabs.forEach((tab) => tab.addEventListener("click", () => {
  for (const one of tabs) {
    const shown = one === tab;
    one.setAttribute("aria-selected", String(shown));
    document.getElementById(one.getAttribute("aria-controls")).hidden = !shown;
  }
  if (tab.id === "tab-texts") texts.seen();
}));
