// What is shown once: copied, printed, and wiped from the page when it is left, so that going back shows nothing.

const secrets = [...document.querySelectorAll("[data-once]")];

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(secrets.map((secret) => secret.textContent.trim()).join("\n"));
    button.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

window.addEventListener("pagehide", () => {
  for (const secret of secrets) {
    secret.removeAttribute("href");
    secret.textContent = "– – –";
  }
});
