// Choosing several: all at once, a run of them with shift, and how many are chosen. Without it each box still works.

const list = document.querySelector(".choose");
const boxes = [...(list?.querySelectorAll("[name=chosen]") ?? [])];
const all = document.getElementById("all");
const told = document.getElementById("chosen");
let last = null;

function count() {
  const chosen = boxes.filter((box) => box.checked).length;
  told.textContent = list.dataset.chosen.replace("{count}", chosen);
  all.checked = chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
}

function run(click) {
  const box = click.target.closest("[name=chosen]");
  if (!box) return;
  if (click.shiftKey && last) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
  }
  last = box;
}

if (list) {
  all.closest("li").hidden = false;
  all.addEventListener("change", () => { boxes.forEach((box) => (box.checked = all.checked)); count(); });
  list.addEventListener("click", run);
  list.addEventListener("change", count);
  count();
}
