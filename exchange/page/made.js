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

export async function post(address, body) {
  const plain = body instanceof Blob;
  const answer = await fetch(address, {
    method: "POST",
    keepalive: !plain,
    headers: plain ? { "Content-Type": "audio/wav" } : { "Content-Type": "application/json" },
    body: plain ? body : JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}
