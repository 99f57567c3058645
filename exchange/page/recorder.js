// Runs beside the page: hands the microphone's samples over as they come.

class Recorder extends AudioWorkletProcessor {
  process(inputs) {
    const heard = inputs[0][0];
    if (heard) this.port.postMessage(heard.slice());
    return true;
  }
}

registerProcessor("recorder", Recorder);
