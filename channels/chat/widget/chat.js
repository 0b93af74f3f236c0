// Chat joins the parts: what is said goes to the outbox first, then over the
// link; what the hub says happened goes to the view, item by item.
class Chat {
  constructor() {
    this.ord = 0; // the last item shown
    this.unread = []; // ordinals of the desk's messages that nobody looked at
    this.ours = new Set(); // messages written in this tab
    this.view = new View(this);
    this.bubbles = new Bubbles(this.view);
    this.link = new Link(this);
    addEventListener("storage", (e) => this.otherTab(e.key));
    if (this.known()) this.begin();
    else this.view.greet();
  }

  // known tells whether the visitor has started a chat. The token outlives a
  // browser that forgets what it kept while the page is open.
  known() {
    this.token = kept("token") || this.token;
    return Boolean(this.token);
  }

  // begin connects a visitor who has started a chat, now or some time ago.
  begin() {
    this.view.started();
    for (const m of this.unsent()) this.bubbles.wait(m);
    this.link.open();
  }

  // unsent lists what waits. Tabs hear of each other's storage late: what
  // another one wrote may come here over the link first, and must not wait then.
  unsent() {
    return outbox.list().filter((m) => {
      if (!this.bubbles.known.has(m.id)) return true;
      outbox.remove(m.id);
      return false;
    });
  }

  say(text, name) {
    if (!this.known()) this.token = secret(32);
    keep("token", this.token);
    this.begin();
    for (const part of parts(text)) {
      const at = Math.max(Date.now(), (this.last || 0) + 1);
      this.last = at;
      const m = { id: secret(12), text: part, name, page: location.origin + location.pathname, at };
      this.ours.add(m.id);
      outbox.add(m);
      this.bubbles.wait(m);
    }
    this.typing(false);
    this.pump();
  }

  // pump sends the oldest message that waits; the next one follows when the
  // hub has it, so that the order is always the visitor's.
  pump() {
    clearTimeout(this.later);
    const [m] = this.unsent();
    if (!m || !this.link.up || this.flying) return;
    const wait = Math.max(this.ours.has(m.id) ? 0 : m.at + OTHER_TAB - Date.now(), (this.paused || 0) - Date.now());
    if (wait > 0) {
      this.later = setTimeout(() => this.pump(), Math.min(wait, OTHER_TAB));
      return;
    }
    this.flying = m.id;
    this.bubbles.mark(m.id, "Sending…");
    this.link.send({ t: "say", id: m.id, text: m.text, name: m.name || "", page: m.page || "" });
    this.link.expect(ANSWER_WAIT);
  }

  // otherTab follows what another tab of this visitor did.
  otherTab(key) {
    if (!this.known()) return;
    this.begin();
    if (key === "hark.seen") this.looked();
    if (key && key.startsWith("hark.out.")) this.pump();
  }

  typing(on) {
    if (!this.conversation || !this.link.up) return;
    clearTimeout(this.quiet);
    if (on) this.quiet = setTimeout(() => this.typing(false), TYPING_EVERY);
    const now = Date.now();
    if (on ? now - (this.told || 0) < TYPING_EVERY : !this.told) return;
    this.told = on ? now : 0;
    this.link.send({ t: "typing", on });
  }

  // looked tells the hub what was read, and clears the badge.
  looked() {
    const [conversation, ord] = (kept("seen") || "").split(" ");
    let seen = conversation === this.conversation ? Number(ord) || 0 : 0;
    if (this.conversation && this.view.visible() && this.ord > seen) {
      seen = this.ord;
      keep("seen", this.conversation + " " + seen);
      this.link.send({ t: "seen", ord: seen });
    }
    this.unread = this.unread.filter((o) => o > seen);
    this.view.setUnread(this.unread.length);
  }

  // greet is the first frame of a connection.
  greet() {
    return { t: "hello", token: this.token, conversation: this.conversation || "", ord: this.ord };
  }

  // state says in words how the connection is.
  state() {
    if (this.link.up) return this.view.setState("Connected", "up");
    this.view.setTypist("");
    this.flying = null;
    for (const m of this.unsent()) this.bubbles.mark(m.id, "Waiting to be sent", "unsent");
    const offline = navigator.onLine === false;
    const words = this.conversation || this.link.attempt ? "Reconnecting…" : "Connecting…";
    this.view.setState(offline ? "You are offline. What you write waits here." : words, offline || this.link.attempt ? "trouble" : "");
  }

  frame(f) {
    switch (f.t) {
      case "welcome": return this.welcome(f);
      case "items": return f.items.forEach((it) => this.item(it));
      case "ok": return this.settled(f.id);
      case "no": return this.refused(f);
      case "typing": return this.view.setTypist(f.who);
    }
  }

  welcome(f) {
    if (f.reset || f.conversation !== this.conversation) {
      this.ord = 0;
      this.unread = [];
      this.bubbles.clear();
      for (const m of this.unsent()) this.bubbles.wait(m);
    }
    this.conversation = f.conversation;
    this.looked();
    this.pump();
  }

  item(it) {
    if (it.ord <= this.ord) return;
    if (it.ord !== this.ord + 1) return this.link.dial(); // a gap: ask again from here
    this.ord = it.ord;
    if (it.mine) outbox.remove(it.client);
    else this.view.setTypist("");
    this.bubbles.item(it);
    if (it.kind === "message" && !it.mine) this.unread.push(it.ord);
    this.looked();
  }

  // settled: the hub has the message and will show it.
  settled(id) {
    outbox.remove(id);
    this.bubbles.mark(id, "Delivered");
    if (this.flying === id) this.flying = null;
    this.pump();
  }

  refused(f) {
    if (this.flying === f.id) this.flying = null;
    if (f.retry_ms) {
      this.paused = Date.now() + f.retry_ms;
      this.bubbles.mark(f.id, "Waiting to be sent", "unsent");
    } else {
      outbox.remove(f.id);
      this.bubbles.mark(f.id, "Not sent: " + f.text, "failed");
    }
    this.pump();
  }
}

new Chat();
