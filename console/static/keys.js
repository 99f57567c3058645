// The desk by keyboard: what carries data-key is pressed by it; j and k walk through a list; ? tells them all.

const OFF = "ringback.keys";
const FIELD = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";
const sheet = document.getElementById("keys");
const onOff = document.getElementById("keys-on");
let before = "";

const stored = (act) => {
  try {
    return act();
  } catch {
    return null; // a browser that keeps nothing has its keys on
  }
};
const isOff = () => stored(() => localStorage.getItem(OFF)) === "off";

const rows = () => [...document.querySelectorAll(".row .who, .offer .who, [data-row]")].filter((each) => each.offsetParent);

function walk(by) {
  const all = rows();
  if (!all.length) return false;
  const now = all.findIndex((each) => each === document.activeElement || each.closest(".row, li, tr")?.contains(document.activeElement));
  const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// Of one row first, where the keyboard stands in one; what belongs to a row is pressed by a key there alone.
function meant(keys) {
  const all = (place = document) => [...place.querySelectorAll(`[data-key="${keys}"]`)].filter((each) => !each.disabled && seen(each));
  const named = (place) => all(place)[0];
  const row = document.activeElement?.closest(".row");
  if (row && (named(row) || keys === "p")) return named(row) ?? row.querySelector("[data-play]");
  return all().find((each) => !each.closest(".row"));
}

// What lies in a fold can be pressed, for the key opens it.
function seen(element) {
  const fold = element.closest("details");
  return element.checkVisibility() || Boolean(fold?.checkVisibility());
}

function press(element) {
  const fold = element.closest("details");
  if (fold && element.localName === "summary") {
    fold.open = true;
    element.focus();
  } else {
    if (fold) fold.open = true;
    if (element.matches(FIELD)) element.focus();
    else element.click();
  }
  element.scrollIntoView({ block: "nearest" });
}

function pressed(key) {
  if (key.defaultPrevented || key.ctrlKey || key.altKey || key.metaKey || key.isComposing) return;
  const field = key.target.closest?.(FIELD);
  if (key.key === "Escape" && field && !sheet.open) return field.blur();
  if (field || sheet.open || isOff()) return;
  if (handled(key.key)) key.preventDefault();
}

function handled(key) {
  const whole = before ? `${before} ${key}` : key;
  before = "";
  if (key === "?") {
    sheet.showModal();
    return true;
  }
  if (key === "j" || key === "k" || (key.startsWith("Arrow") && document.activeElement?.closest(".row"))) {
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key];
    return by ? walk(by) : false;
  }
  if (!/^[a-z/]( [a-z])?$/.test(whole)) return false;
  const chosen = meant(whole);
  if (document.querySelector(`[data-key^="${whole} "]`)) before = whole;
  if (chosen) press(chosen);
  return Boolean(chosen || before);
}

document.addEventListener("keydown", pressed);
document.addEventListener("focusin", (moved) => moved.target.closest(FIELD) && (before = ""));
document.getElementById("keys-open").addEventListener("click", () => sheet.showModal());
document.getElementById("keys-open").hidden = false;
sheet.addEventListener("click", (click) => click.target === sheet && sheet.close());
onOff.checked = !isOff();
onOff.addEventListener("change", () => stored(() => localStorage.setItem(OFF, onOff.checked ? "on" : "off")));
