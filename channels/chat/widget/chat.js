// Chat joins the parts: what is said goes to the outbox first, then over the
// link; what the hub says happened goes to the view, item by item.
class Chat {
  constructor(door) {
    this.ord = 0; // the last item shown
    this.unread = []; // ordinals of the desk's messages that nobody looked at
    this.ours = new Set(); // messages written in this tab
    this.rising = new Map(); // messages whose files are on their way, by identifier
    this.held = new Set(); // messages that wait for another notice to be read
    this.view = new View(this, door);
    this.bubbles = new Bubbles(this.view, this);
    this.link = new Link(this);
    this.desk = new Desk(this);
    addEventListener("beforeunload", (e) => this.rising.size && e.preventDefault());
    if (this.known()) this.#begin();
    else this.desk.show();
  }

  // known tells whether the visitor has started a chat. The token outlives a
  // browser that forgets what it kept while the page is open.
  known() {
    this.token = kept("token") || this.token;
    return Boolean(this.token);
  }

  // begin connects a visitor who has started a chat, now or some time ago.
  #begin() {
    this.view.started();
    for (const m of [...this.#unsent(), ...this.rising.values()]) this.bubbles.wait(m);
    this.link.open();
  }

  opened() { this.desk.ask(); }

  // ready tells whether a message may be written: the first one not before
  // the visitor saw the notice.
  ready() { return this.known() || this.desk.ready(); }

  // unsent lists what waits. Tabs hear of each other's storage late: what
  // another one wrote may come here over the link first, and must not wait then.
  #unsent() {
    return outbox.list().filter((m) => {
      if (!this.bubbles.known.has(m.id)) return true;
      outbox.remove(m.id);
      return false;
    });
  }

  say(text, name, mail, files) {
    if (!this.known()) this.token = secret(32);
    this.leaving = false;
    keep("token", this.token);
    this.desk.seen();
    this.#begin();
    const texts = parts(text);
    if (files.length && !texts.length) texts.push("");
    texts.forEach((part, i) => {
      const at = Math.max(Date.now(), (this.last || 0) + 1);
      this.last = at;
      const m = { id: secret(12), text: part, name: name || undefined, mail: mail || undefined, page: location.origin + location.pathname, at, ...this.desk.stamp() };
      this.ours.add(m.id);
      if (files.length && i === texts.length - 1) return this.more((x) => x.raise({ ...m, files }));
      outbox.add(m);
      this.bubbles.wait(m);
    });
    this.typing();
    this.pump();
  }

  // pump sends the oldest message that waits; the next one follows when the
  // hub has it, so that the order is always the visitor's.
  pump() {
    clearTimeout(this.later);
    if (!this.link.up || this.flying) return;
    const [m] = this.#unsent().filter((m) => !this.held.has(m.id));
    if (!m) return this.leaving && this.link.send({ t: "leave" });
    const wait = Math.max(this.ours.has(m.id) ? 0 : m.at + OTHER_TAB - Date.now(), (this.paused || 0) - Date.now());
    if (wait > 0) {
      this.later = setTimeout(() => this.pump(), Math.min(wait, OTHER_TAB));
      return;
    }
    this.flying = m.id;
    this.bubbles.mark(m.id, tell("sending"));
    const { at, files, ...frame } = m;
    this.link.send({ t: "say", ...frame, ...(files && { files: files.map((f) => f.id) }) });
    this.link.expect(ANSWER_WAIT);
  }

  // leave ends the chat when everything written is with the hub.
  leave() {
    if (this.resolved) return this.view.setEnded(true);
    this.leaving = true;
    this.pump();
  }

  // otherTab follows what another tab of this visitor did.
  otherTab(key) {
    if (!this.known()) return;
    this.#begin();
    if (key === "hark.seen") this.looked();
    if (key && key.startsWith("hark.out.")) this.pump();
  }

  // typing tells that the visitor writes, and what where the notice says so.
  typing(text = "") {
    if (!this.conversation || !this.link.up) return;
    const on = text.trim() !== "";
    clearTimeout(this.quiet);
    if (on) this.quiet = setTimeout(() => this.typing(), TYPING_EVERY);
    this.#peek(text);
    const now = Date.now();
    if (on ? now - (this.told || 0) < TYPING_EVERY : !this.told) return;
    this.told = on ? now : 0;
    this.link.send({ t: "typing", on });
  }

  #peek() {
    if (!this.desk.now?.preview || this.peeking) return;
    this.peeking = setTimeout(() => {
      this.peeking = 0;
      const text = this.view.text.value.slice(0, TEXT_MOST);
      if (text !== this.peeked) this.link.send({ t: "unsent", text });
      this.peeked = text;
    }, PEEK_EVERY);
  }

  // looked tells the hub what was read, and clears the badge.
  looked() {
    const [conversation, ord] = (kept("seen") || "").split(" ");
    let seen = conversation === this.conversation ? Number(ord) || 0 : 0;
    if (this.conversation && this.view.visible() && this.ord > seen) {
      seen = this.ord;
      keep("seen", this.conversation + " " + seen);
      this.link.send({ t: "read", ord: seen });
    }
    this.unread = this.unread.filter((o) => o > seen);
    this.view.door.setUnread(this.unread.length);
  }

  // greet is the first frame of a connection.
  greet() {
    return { t: "hello", token: this.token, conversation: this.conversation || "", ord: this.ord };
  }

  // state says in words how the connection is.
  state() {
    if (this.link.up) return this.view.setState(tell("connected"), "up");
    this.view.setTypist("");
    this.flying = null;
    for (const m of this.#unsent()) this.held.has(m.id) || this.bubbles.mark(m.id, tell("waiting"), "unsent");
    const offline = !navigator.onLine;
    const key = offline ? "offline" : this.conversation || this.link.attempt ? "reconnecting" : "connecting";
    this.view.setState(tell(key), offline || this.link.attempt ? "trouble" : "");
  }

  frame(f) {
    switch (f.t) {
      case "welcome": return this.#welcome(f);
      case "items": return this.#items(f.items);
      case "ok": return this.#settled(f.id);
      case "no": return this.#refused(f);
      case "typing": return this.view.setTypist(f.who);
      case "read": return this.bubbles.setRead(f.ord);
      case "place": return this.desk.setPlace(f);
    }
  }

  #welcome(f) {
    if (f.reset || f.conversation !== this.conversation) {
      this.ord = 0;
      this.unread = [];
      this.bubbles.clear();
      this.bubbles.setRead(0);
      for (const m of [...this.#unsent(), ...this.rising.values()]) this.bubbles.wait(m);
    }
    this.conversation = f.conversation;
    this.view.more.hidden = !f.conversation || this.view.form.hidden;
    this.desk.setPlace();
    this.backlog = f.ord;
    this.looked();
    this.pump();
  }

  #items(all) {
    // What happened before is there to be read, but is not news to be told.
    this.view.log.setAttribute("aria-live", this.ord < this.backlog ? "off" : "polite");
    for (const it of all) this.#item(it);
    this.link.send({ t: "seen", ord: this.ord });
    this.looked();
  }

  #item(it) {
    if (it.ord <= this.ord) return;
    if (it.ord !== this.ord + 1) return this.link.dial(); // a gap: ask again from here
    this.ord = it.ord;
    if (it.mine) outbox.remove(it.client);
    else this.view.setTypist("");
    this.bubbles.item(it);
    if (it.kind === "message" && !it.mine) this.unread.push(it.ord);
    this.resolved = it.kind === "resolved";
    if (this.resolved) this.leaving = false;
    this.view.setEnded(this.resolved && Boolean(it.mine));
  }

  // settled: the hub has the message and will show it.
  #settled(id) {
    outbox.remove(id);
    this.bubbles.mark(id, tell("sent"));
    if (this.flying === id) this.flying = null;
    this.pump();
  }

  #refused(f) {
    if (this.flying === f.id) this.flying = null;
    if (f.retry_ms) {
      this.paused = Date.now() + f.retry_ms;
      this.bubbles.mark(f.id, tell("waiting"), "unsent");
    } else if (f.code === "notice") {
      this.held.add(f.id);
      this.more((x) => x.renew(f.id));
    } else {
      outbox.remove(f.id);
      this.bubbles.mark(f.id, tell("failed", { why: f.text }), "failed");
    }
    this.pump();
  }

  // more does something that only some visitors want.
  async more(act) {
    try {
      await act(await more(this));
    } catch {
      this.view.setHint(tell("missing"), () => this.more(act));
    }
  }
}
