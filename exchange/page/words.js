// What the page says, in the language it was asked for; `parts` puts elements into a sentence's gaps.

const words = JSON.parse(document.body.dataset.words);

export const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_gap, value) => values[value]);

export const knows = (name) => name in words;

export const parts = (name, values) => words[name].split(/(\{\w+\})/)
  .map((piece) => (/^\{\w+\}$/.test(piece) ? values[piece.slice(1, -1)] : piece)).filter((piece) => piece !== "");
