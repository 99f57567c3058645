// A display on the wall: it begins by the code behind its link, stays lit, and follows a desk that was brought up to date.

const field = document.getElementById("code");
const code = decodeURIComponent(location.hash.slice(1));
if (field && code) {
  history.replaceState(null, "", location.pathname); // what is used up is not left lying about
  field.value = code;
  field.form.requestSubmit();
}

const look = document.getElementById("look");
const first = look?.dataset.look;
document.querySelector("[data-live]")?.addEventListener("htmx:after:swap", () => {
  if (document.getElementById("look")?.dataset.look !== first) location.reload();
});

// Browsers let a screen go dark that nobody touches, and give the wake lock back whenever the page was hidden.
async function stayLit() {
  if (!look || document.hidden) return;
  await navigator.wakeLock?.request("screen").catch(() => {});
}
document.addEventListener("visibilitychange", stayLit);
stayLit();
