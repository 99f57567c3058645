// Records the microphone, and makes WAV files as a telephone line carries them: 8 kHz, mono, 16 bit.

import { audio } from "./tones.js";

export const RATE = 8000;
let stream = null;
let ready = null;

// Asks for the microphone early, while the call rings, so that nothing is lost at the beep.
export function open() {
  ready ??= navigator.mediaDevices?.getUserMedia({ audio: { channelCount: 1 } })
    .then((got) => { stream = got; return true; })
    .catch(() => false) ?? Promise.resolve(false);
  return ready;
}

export function close() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = ready = null;
}

// Starts recording; `level` is called with loudness 0..1 some twenty times a second. Answers {stop}.
export async function start(level) {
  const where = audio();
  await where.audioWorklet.addModule(new URL("./recorder.js", import.meta.url));
  const source = where.createMediaStreamSource(stream);
  const node = new AudioWorkletNode(where, "recorder", { numberOfOutputs: 0 });
  const pieces = [];
  let sum = 0, count = 0;
  node.port.onmessage = ({ data }) => {
    pieces.push(data);
    for (const sample of data) sum += sample * sample;
    count += data.length;
    if (count > where.sampleRate / 20) {
      level(Math.min(1, Math.sqrt(sum / count) * 5));
      sum = count = 0;
    }
  };
  source.connect(node);
  return {
    stop() {
      source.disconnect();
      node.port.onmessage = null;
      return wav(slower(pieces, where.sampleRate));
    },
  };
}

function slower(pieces, rate) {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) { all.set(piece, at); at += piece.length; }
  return resample(all, rate);
}

// Averages what falls between two samples of the slower rate: enough of a filter for speech.
function resample(all, rate) {
  const step = rate / RATE;
  const out = new Int16Array(Math.floor(all.length / step));
  for (let n = 0; n < out.length; n++) {
    const from = Math.floor(n * step), to = Math.max(from + 1, Math.floor((n + 1) * step));
    let sum = 0;
    for (let i = from; i < to; i++) sum += all[i];
    out[n] = Math.max(-1, Math.min(1, sum / (to - from))) * 32767;
  }
  return out;
}

export function wav(samples) {
  const out = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const letters = (at, text) => [...text].forEach((letter, n) => out.setUint8(at + n, letter.charCodeAt(0)));
  letters(0, "RIFF"); out.setUint32(4, 36 + samples.length * 2, true); letters(8, "WAVEfmt ");
  out.setUint32(16, 16, true); out.setUint16(20, 1, true); out.setUint16(22, 1, true);
  out.setUint32(24, RATE, true); out.setUint32(28, RATE * 2, true);
  out.setUint16(32, 2, true); out.setUint16(34, 16, true);
  letters(36, "data"); out.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, n) => out.setInt16(44 + n * 2, sample, true));
  return new Blob([out], { type: "audio/wav" });
}

// Any sound file as the line would carry it.
export async function fromFile(file) {
  const decoded = await audio().decodeAudioData(await file.arrayBuffer());
  return wav(resample(decoded.getChannelData(0), decoded.sampleRate));
}

// A made-up message: a voice-like hum with the rhythm of speech, for where nobody can or wants to speak.
export function sample(seconds = 6) {
  const out = new Int16Array(seconds * RATE);
  let phase = 0;
  for (let n = 0; n < out.length; n++) {
    const t = n / RATE;
    const pitch = 135 + 22 * Math.sin(t * 2.1) + 9 * Math.sin(t * 7.3);
    phase += (2 * Math.PI * pitch) / RATE;
    const syllable = Math.max(0, Math.sin(t * 13 + 2 * Math.sin(t * 1.7))) * (Math.sin(t * 2.3) > -0.7 ? 1 : 0);
    const vowel = Math.sin(phase) + 0.6 * Math.sin(phase * (3 + Math.sin(t * 5))) + 0.3 * Math.sin(phase * 7);
    out[n] = 7500 * syllable * vowel;
  }
  return wav(out);
}
