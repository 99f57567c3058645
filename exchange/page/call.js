// One call as the telephone knows it: sends acts in order, and keeps what the exchange said last.

import { post } from "./made.js";

export class Call {
  // `here`: carried by this telephone, which placed or answered it; else it is only looked at.
  constructor(sid, incoming = false) {
    Object.assign(this, { sid, incoming, here: !incoming, state: "ringing", verb: "ringing", began: 0, over: false });
    this.turn = Promise.resolve();
  }

  // Acts go one after the other, so that keys arrive as they were pressed.
  send(act, body) {
    this.turn = this.turn.then(() => post(`phone/calls/${this.sid}/${act}`, body)).catch(() => {});
    return this.turn;
  }

  keys = (keys) => this.send("keys", { keys });
  speech = (text) => this.send("speech", { text });
  heard = (sound) => this.send("heard", { sound });
  hangUp = () => this.send("hangup");
  answer = () => this.send("answer");
  decline = () => this.send("decline");
  dial = (outcome) => this.send("dial", { outcome });
  recording = (wav, endedBy) => this.send(`recording?ended_by=${encodeURIComponent(endedBy)}`, wav ?? new Blob([]));
}
