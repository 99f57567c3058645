// The panel that shows what happened: each request, its parameters, and the TwiML that answered it.

import { made } from "./made.js";
import { knows, say } from "./words.js";

const list = document.querySelector("#story ol");
const empty = document.querySelector("#story .empty");
const shown = new Set();

export function clear() {
  list.replaceChildren();
  shown.clear();
  empty.hidden = false;
}

// A request of a leg is told at both its telephones, and shown once.
export function show(sent, whose = "") {
  if (shown.has(sent.request)) return;
  shown.add(sent.request);
  empty.hidden = true;
  const bad = sent.code < 200 || sent.code >= 300;
  const code = made("span", { class: bad ? "code bad" : "code" }, String(sent.code || sent.error));
  const head = made("summary", {},
    whose ? made("span", { class: "at" }, whose) : null, made("span", { class: "what" }, knows(`sent_${sent.sort}`) ? say(`sent_${sent.sort}`) : sent.sort),
    made("span", { class: "path" }, sent.path), code, made("span", { class: "took" }, `${sent.took} ms`));
  const faults = (sent.faults ?? []).map((fault) => made("p", { class: "fault" }, fault));
  const item = made("li", {}, made("details", { open: faults.length > 0 }, head, ...faults, fields(sent), twiml(sent.body)));
  list.append(item);
  list.parentElement.scrollTo({ top: list.parentElement.scrollHeight });
}

function fields(sent) {
  const rows = Object.entries(sent.fields).map(([name, value]) => made("div", {}, made("dt", {}, name), made("dd", {}, value || "\u2013")));
  return made("dl", {}, ...rows);
}

function twiml(body) {
  if (!body.trim()) return null;
  const read = new DOMParser().parseFromString(body, "text/xml");
  const block = made("pre");
  if (read.querySelector("parsererror")) block.append(body);
  else write(block, read.documentElement, "");
  return block;
}

function write(block, element, indent) {
  const tag = (text) => made("span", { class: "tag" }, text);
  block.append(indent, tag(`<${element.tagName}`));
  for (const { name, value } of element.attributes) {
    block.append(" ", made("span", { class: "name" }, name), "=", made("span", { class: "value" }, `"${value}"`));
  }
  const elements = [...element.children];
  const text = element.textContent.trim();
  if (!elements.length && !text) { block.append(tag("/>"), "\n"); return; }
  block.append(tag(">"));
  if (!elements.length || element.tagName === "Say") block.append(text);
  else {
    block.append("\n");
    for (const child of elements) write(block, child, indent + "  ");
    block.append(indent);
  }
  block.append(tag(`</${element.tagName}>`), "\n");
}
