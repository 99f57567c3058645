// A sentence is heard at once: its recording where there is one, else by the browser's own voice.

const synthesis = window.speechSynthesis;
let playing = null;

function stop() {
  synthesis?.cancel();
  playing?.pause();
  playing = null;
}

function hear(button) {
  stop();
  if (button.dataset.sound) {
    playing = new Audio(button.dataset.sound);
    playing.play().catch(() => {});
    return;
  }
  const said = new SpeechSynthesisUtterance(button.dataset.speak);
  said.lang = button.dataset.language;
  synthesis.speak(said);
}

for (const button of document.querySelectorAll("[data-speak]")) {
  if (!synthesis && !button.dataset.sound) continue;
  button.hidden = false;
  button.addEventListener("click", () => hear(button));
}
