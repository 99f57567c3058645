// A message to listen to: its shape to jump within, four speeds, and the keys of any player.

const STEP = 5;
const BARS = 160;
const SPEED = "ringback.speed";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// How fast one listens is a habit: it is remembered here, where a browser lets us.
function remembered() {
  try {
    return localStorage.getItem(SPEED) ?? "1";
  } catch {
    return "1";
  }
}

function remember(speed) {
  try {
    localStorage.setItem(SPEED, speed);
  } catch {
    /* a browser that keeps nothing still plays */
  }
}

class MessagePlayer extends HTMLElement {
  connectedCallback() {
    if (this.sound) return;
    this.sound = this.querySelector("audio");
    this.bar = this.querySelector(".shape");
    this.go = this.querySelector(".go");
    this.go.addEventListener("click", () => this.toggle());
    this.bar.addEventListener("pointerdown", (press) => this.drag(press));
    this.bar.addEventListener("pointermove", (press) => press.buttons & 1 && this.jumpTo(press));
    this.bar.addEventListener("keydown", (key) => this.pressed(key));
    this.querySelector(".speeds").addEventListener("click", (click) => this.faster(click.target.value));
    for (const name of ["play", "pause", "timeupdate", "seeked", "durationchange", "ended"]) {
      this.sound.addEventListener(name, () => this.show());
    }
    this.sound.addEventListener("error", () => this.tell("broken"));
    this.faster(remembered());
    this.draw();
    this.show();
  }

  get length() {
    const known = this.sound.duration;
    return Number.isFinite(known) && known > 0 ? known : Number(this.dataset.length);
  }

  toggle() {
    if (this.sound.paused) this.sound.play().catch(() => {});
    else this.sound.pause();
  }

  jump(seconds) {
    this.sound.currentTime = Math.min(Math.max(seconds, 0), this.length);
    this.show();
  }

  drag(press) {
    if (press.button) return;
    this.bar.setPointerCapture(press.pointerId);
    this.jumpTo(press);
  }

  jumpTo(press) {
    const box = this.bar.getBoundingClientRect();
    if (box.width) this.jump(((press.clientX - box.left) / box.width) * this.length);
  }

  pressed(key) {
    const at = this.sound.currentTime;
    const to = {
      ArrowLeft: at - STEP, ArrowDown: at - STEP, ArrowRight: at + STEP, ArrowUp: at + STEP,
      PageDown: at - 2 * STEP, PageUp: at + 2 * STEP, Home: 0, End: this.length,
    }[key.key];
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    if (to !== undefined) this.jump(to);
    else if (key.key === " " || key.key === "Enter") this.toggle();
    else return;
    key.preventDefault();
  }

  faster(speed) {
    const choices = [...this.querySelectorAll(".speeds button")];
    if (!choices.some((each) => each.value === speed)) return;
    for (const each of choices) each.setAttribute("aria-pressed", String(each.value === speed));
    this.sound.defaultPlaybackRate = this.sound.playbackRate = Number(speed);
    remember(speed);
  }

  show() {
    const at = Math.min(this.sound.currentTime, this.length);
    const playing = !this.sound.paused && !this.sound.ended;
    const words = this.dataset.at.replace("{at}", clock(at)).replace("{whole}", clock(this.length));
    this.classList.toggle("playing", playing);
    this.go.setAttribute("aria-pressed", String(playing));
    this.go.querySelector("use").setAttribute("href", playing ? "#pause" : "#play");
    this.bar.setAttribute("aria-valuemax", String(Math.round(this.length)));
    this.bar.setAttribute("aria-valuenow", String(Math.round(at)));
    this.bar.setAttribute("aria-valuetext", words);
    this.querySelector(".clock").textContent = `${clock(at)} / ${clock(this.length)}`;
    this.querySelector(".heard").setAttribute("d", this.path(0, this.length ? (at / this.length) * BARS : 0));
    this.querySelector(".ahead").setAttribute("d", this.path(0, BARS));
  }

  // Bars up and down from the middle; where nothing is known, or nothing is heard, a line.
  path(from, until) {
    let drawn = "";
    for (let bar = from; bar < until; bar += 1) {
      const half = Math.max(0.6, ((this.bars?.[bar] ?? 0) * 18) / 100);
      drawn += `M${bar + 0.5} ${20 - half}V${20 + half}`;
    }
    return drawn;
  }

  async draw() {
    try {
      const answer = await fetch(this.dataset.shape, { signal: AbortSignal.timeout(15_000) });
      if (!answer.ok) return;
      this.bars = (await answer.json()).bars;
    } catch {
      return; // it plays without its shape
    }
    if (!this.bars) this.tell("no_shape");
    else if (!this.bars.some(Boolean)) this.tell("silent");
    this.show();
  }

  tell(what) {
    this.querySelector(`[data-says="${what}"]`).hidden = false;
  }
}

customElements.define("message-player", MessagePlayer);
