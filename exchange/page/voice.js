// Says a text with the browser's own voices; where there are none, the text takes the time it would take.

const synthesis = window.speechSynthesis;
synthesis?.getVoices(); // the first time it is asked, a browser begins to load them
export let muted = localStorage.getItem("muted") === "yes";

export function mute(yes) {
  muted = yes;
  localStorage.setItem("muted", yes ? "yes" : "no");
  if (yes) synthesis?.cancel();
}

function voiceFor(language) {
  const voices = synthesis?.getVoices() ?? [];
  const wanted = language.toLowerCase();
  const near = voices.filter((voice) => voice.lang.toLowerCase().replace("_", "-").startsWith(wanted.slice(0, 2)));
  return near.find((voice) => voice.lang.toLowerCase().replace("_", "-") === wanted) ?? near[0] ?? null;
}

// One telephone's voice. `say` resolves true when all was said, false when it was cut short.
export function speaker() {
  let finish = null;
  function say(text, language, seconds) {
    stop();
    return new Promise((resolve) => {
      let guard = 0;
      finish = (whole) => { clearTimeout(guard); finish = null; resolve(whole); };
      const mine = finish;
      const later = (wait) => { guard = setTimeout(() => mine === finish && mine(true), wait * 1000); };
      const voice = muted ? null : voiceFor(language);
      later(voice ? seconds * 2 + 2 : seconds);
      if (!voice) return;
      const spoken = new SpeechSynthesisUtterance(text);
      Object.assign(spoken, { voice, lang: language });
      spoken.onend = () => mine === finish && mine(true);
      spoken.onerror = () => { if (mine === finish) { clearTimeout(guard); later(seconds); } };
      synthesis.speak(spoken);
    });
  }

  function stop() {
    if (finish) synthesis?.cancel();
    finish?.(false);
  }

  return { say, stop };
}
