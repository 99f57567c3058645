// The seconds that an offer has left are counted down between two looks.

let told;
let since;

setInterval(() => {
  const shown = document.querySelector("[data-left]");
  if (!shown) return (told = undefined);
  if (shown.dataset.left !== told) {
    told = shown.dataset.left;
    since = performance.now();
  }
  const seconds = Math.max(0, Math.ceil(told - (performance.now() - since) / 1000));
  const words = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (shown.textContent !== words) shown.textContent = words;
}, 200);
