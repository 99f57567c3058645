// Sounds of a telephone, made on the spot: keys, the beep before a recording, ringing.

const ROWS = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };
const COLUMNS = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };

let context;

export function audio() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}

function sound(pitches, seconds, loud = 0.09) {
  const where = audio();
  const gain = where.createGain();
  const now = where.currentTime;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(loud, now + 0.008);
  gain.gain.setValueAtTime(loud, now + seconds - 0.02);
  gain.gain.linearRampToValueAtTime(0, now + seconds);
  gain.connect(where.destination);
  for (const pitch of pitches) {
    const one = where.createOscillator();
    one.frequency.value = pitch;
    one.connect(gain);
    one.start(now);
    one.stop(now + seconds);
  }
}

export const key = (pressed) => sound([ROWS[pressed], COLUMNS[pressed]], 0.14);
export const beep = () => sound([1000], 0.45, 0.12);
export const gone = () => { for (let n = 0; n < 3; n++) setTimeout(() => sound([425], 0.2, 0.05), n * 400); };

// One telephone's ringing.
export function ringer() {
  let bell = 0;

  function quiet() {
    clearInterval(bell);
    bell = 0;
  }

  function ring(pitches = [425], on = 1, every = 4000) {
    quiet();
    const once = () => sound(pitches, on, 0.05);
    once();
    bell = setInterval(once, every);
  }

  return { ring, quiet };
}
