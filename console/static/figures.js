// Lateness and figures: what is chosen is shown at once, and the charts are drawn in the page's own colours.

const filters = document.getElementById("filters");

// Days of one's own wait until both are given.
filters?.addEventListener("change", () => {
  const own = filters.period.value === "own";
  if (own && !(filters.first.value && filters.last.value)) return;
  document.getElementById("result")?.setAttribute("aria-busy", "true");
  filters.requestSubmit();
});
filters?.addEventListener("submit", () => {
  for (const field of filters.elements) {
    const isOwn = field.name === "first" || field.name === "last";
    field.disabled = isOwn ? filters.period.value !== "own" : field.name && !field.value;
  }
});
window.addEventListener("pageshow", () => {
  for (const field of filters?.elements ?? []) field.disabled = false;
  document.getElementById("result")?.removeAttribute("aria-busy");
});

const source = document.getElementById("numbers");
const numbers = source && JSON.parse(source.textContent);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const drawn = [];

const charts = {
  chart_kept: (words) => [bars(words.kept, "--good", numbers.kept), bars(words.broken, "--late", numbers.broken)],
  chart_load: (words) => [bars(words.arrived, "--accent", numbers.arrived), line(words.agents, "--risk", numbers.agents)],
  chart_time: (words) => [line(words.median, "--accent", numbers.median), line(words.most, "--risk", numbers.most)],
};

function bars(label, name, values) {
  const side = name === "--late" ? 1 : name === "--good" ? -1 : 0;
  return { label, stroke: colour(name), fill: colour(name), amounts: values, paths: uPlot.paths.bars({ size: [side ? 0.36 : 0.55, 22], align: side }), points: { show: false } };
}

function line(label, name, values) {
  return { label, stroke: colour(name), width: 2, spanGaps: true, amounts: values, points: { size: 6, fill: colour(name) } };
}

function axis(more) {
  return { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui", ...more };
}

function draw(id) {
  const place = document.querySelector(`#${id} .plot`);
  document.getElementById(id).hidden = false;
  const series = charts[id](numbers.words);
  const day = new Intl.DateTimeFormat(numbers.language, { timeZone: "UTC", day: "numeric", month: "short" });
  const written = (_plot, days) => days.map((each) => (Number.isInteger(each / 86400) ? day.format(each * 1000) : ""));
  const options = {
    width: place.clientWidth, height: 200, tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
    cursor: { drag: { x: false, y: false } },
    scales: { x: { range: (_plot, from, to) => [from - 43200, to + 43200] }, y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1)] } },
    axes: [axis({ grid: { show: false }, space: 70, incrs: [1, 2, 7, 14, 28].map((days) => days * 86400), values: written }), axis({ size: 42, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 50000, 100000] })],
    series: [{ label: numbers.words.day, value: (_plot, at) => (at == null ? "" : day.format(at * 1000)) }, ...series],
  };
  drawn.push(new uPlot(options, [numbers.days, ...series.map((each) => each.amounts)], place));
}

function drawAll() {
  for (const plot of drawn.splice(0)) plot.destroy();
  for (const id of Object.keys(charts)) draw(id);
}

if (numbers && numbers.days.length > 1) {
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  let wait;
  window.addEventListener("resize", () => {
    clearTimeout(wait);
    wait = setTimeout(() => drawn.forEach((plot) => plot.setSize({ width: plot.root.parentElement.clientWidth, height: 200 })), 120);
  });
}
