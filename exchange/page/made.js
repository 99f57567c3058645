// Builds elements: made("p", {class: "x"}, "text", child).

export function made(name, attributes = {}, ...within) {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") one.addEventListener(key, value);
    else if (value !== false && value != null) one.setAttribute(key, value === true ? "" : value);
  }
  one.append(...within.filter((child) => child != null));
  return one;
}

export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// A site that shows this page within its own may want a word of its own with every request.
const token = new URLSearchParams(location.hash.slice(1)).get("token");

export async function post(address, body) {
  const plain = body instanceof Blob;
  const answer = await fetch(address, {
    method: "POST",
    keepalive: !plain,
    headers: { "Content-Type": plain ? "audio/wav" : "application/json", ...(token && { "X-CSRFToken": token }) },
    body: plain ? body : JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}
