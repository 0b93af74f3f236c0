// Link is the connection to the hub. It comes back by itself, later each time
// and spread, so that those who lost the hub together do not return together.
class Link {
  // on has greet() for the first frame, frame(f) for each that comes, and
  // state() for when the link goes up or down.
  constructor(on) {
    this.on = on;
    this.attempt = 0;
    addEventListener("online", () => this.up || this.#again(true));
    addEventListener("pagehide", () => this.#drop());
    addEventListener("pageshow", (e) => e.persisted && this.#again());
    document.addEventListener("visibilitychange", () => document.hidden || this.#probe());
  }

  // open begins; from then on the link stays up as far as it can.
  open() {
    if (this.started) return;
    this.started = true;
    this.dial();
  }

  dial() {
    clearTimeout(this.retry);
    this.#drop();
    const socket = new WebSocket(SOCKET);
    this.socket = socket;
    this.expect(DIAL_WAIT);
    socket.onopen = () => this.send(this.on.greet());
    socket.onmessage = (e) => this.#hear(e.data);
    socket.onclose = () => this.#lost();
  }

  #hear(data) {
    let f;
    try {
      f = JSON.parse(data);
    } catch {
      return this.#lost();
    }
    clearTimeout(this.patience);
    if (f.t === "welcome") {
      this.attempt = 0;
      this.up = true;
      this.on.state();
    }
    this.on.frame(f);
  }

  // send writes a frame if there is a connection; the outbox is what remembers.
  send(frame) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  // expect takes the connection for dead if nothing is heard in time: a
  // network that went away without a word is noticed by nobody else.
  expect(wait) {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.#lost(), wait);
  }

  // probe asks whether the hub is still there, when the visitor comes back.
  #probe() {
    if (!this.up) return this.#again();
    this.send({ t: "beat" });
    this.expect(PROBE_WAIT);
  }

  // again connects at once if nothing is on its way, or in any case.
  #again(anyway) {
    if (this.started && (anyway || !this.socket)) this.dial();
  }

  #lost() {
    this.#drop();
    const wait = Math.min(RETRY_FIRST * 2 ** this.attempt++, RETRY_MOST) * (0.5 + Math.random() / 2);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.dial(), wait);
  }

  // drop lets go of the socket, whatever state it is in.
  #drop() {
    clearTimeout(this.patience);
    const socket = this.socket;
    this.socket = null;
    this.up = false;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (this.started) this.on.state();
  }
}
