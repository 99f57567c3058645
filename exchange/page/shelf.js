// The telephones that lie here: the caller's own, those this exchange was given, and any that is rung meanwhile.

import { handset } from "./handset.js";
import { made } from "./made.js";
import { knows, say } from "./words.js";

const shelf = document.querySelector(".shelf");
const table = document.querySelector(".table");
const MOST_STRANGERS = 4; // that lie about after their call

export const phones = [];
let inHand = null;
let turned = () => {};

export const current = () => inHand;
export const onTurn = (act) => { turned = act; };

// Puts a telephone on the shelf. A stranger's is one that nobody laid there: it came because it was rung.
export function lay({ name, number, to, fixed, stranger = false, looked, begins }) {
  const state = made("small", { class: "how" }, say("shelf_idle"));
  const spelled = made("small", { class: "whose" }, number);
  const unread = made("b", { class: "unread", hidden: true });
  const tab = made("button", { type: "button", role: "tab", "data-mode": "idle", "aria-selected": "false", click: () => take(one) },
    made("span", { class: "lamp", "aria-hidden": "true" }), made("span", { class: "name" }, name), unread, spelled, state);
  const one = { name, stranger, tab, state: "idle", words: say("idle"), unread: 0 };
  const changed = (mode, words) => {
    Object.assign(one, { state: mode, words });
    tab.dataset.mode = mode;
    state.textContent = say(knows(`shelf_${mode}`) ? `shelf_${mode}` : "shelf_else");
    if (mode === "incoming" && !busyHands()) take(one);
    title();
  };
  Object.assign(one, handset({ to, from: number, fixed, looked, begins, changed }));
  one.phone.setAttribute("aria-label", say("telephone_of", { name }));
  one.own.addEventListener("change", () => { spelled.textContent = one.number(); turned(one); });
  if (document.body.dataset.looking) one.phone.dataset.looking = "yes";
  phones.push(one);
  shelf.append(tab);
  table.append(one.phone);
  if (inHand) one.phone.hidden = true;
  else take(one);
  shelf.hidden = phones.length < 2;
  return one;
}

// Whoever is on a call, or just types, is not to have another telephone put into their hand.
const busyHands = () => inHand.live() || inHand.placing() || Boolean(document.activeElement?.closest("input, textarea"));

export function take(one) {
  inHand = one;
  for (const each of phones) {
    each.phone.hidden = each !== one;
    each.tab.setAttribute("aria-selected", String(each === one));
  }
  one.tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  count(one, 0);
  title();
  turned(one);
}

export function count(one, unread) {
  one.unread = unread;
  const badge = one.tab.querySelector(".unread");
  badge.textContent = unread;
  badge.hidden = !unread;
}

function title() {
  const ringing = phones.find((one) => one.state === "incoming" && one !== inHand);
  const words = ringing ? say("rings", { name: ringing.name }) : inHand?.state === "idle" ? "" : inHand?.words;
  document.title = words ? say("titled", { words }) : say("title");
}

// Whose telephone this happens at: of two with one number the one that is on this call, or about to be.
export function whose({ of, call }) {
  return phones.find((one) => one.carries(call)) ?? phones.find((one) => one.number() === of && one.placing())
    ?? phones.find((one) => one.number() === of);
}

// Lets go of telephones of strangers whose calls are long over.
export function tidy() {
  const idle = phones.filter((one) => one.stranger && one !== inHand && !one.live());
  for (const one of idle.slice(0, Math.max(0, idle.length - MOST_STRANGERS))) {
    phones.splice(phones.indexOf(one), 1);
    one.tab.remove();
    one.phone.remove();
  }
}
