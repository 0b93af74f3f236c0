// Bubbles is the list of messages: first what the hub has, in its order, then
// what still waits here. A message keeps its element when it gets its place,
// so that nothing jumps and nothing is read out twice.
class Bubbles {
  // chat gets the files from the hub.
  constructor(view, chat) {
    this.view = view;
    this.log = view.log;
    this.chat = chat;
    this.read = 0; // staff have looked at everything up to here
    this.clear();
  }

  clear() {
    this.log.replaceChildren();
    this.waiting = new Map(); // by the message's own identifier
    this.known = new Set(); // messages of the visitor's that the hub has
    this.newest = null; // the last message of the visitor's that the hub has
  }

  // item shows what the hub says happened.
  item(it) {
    const at = new Date(it.at);
    if (it.kind !== "message") {
      const key = it.mine ? "left" : ["resolved", "reopened"].includes(it.kind) ? it.kind : "news";
      return this.#place(el("p", { class: "event" }, tell(key)), at);
    }
    if (it.mine) this.known.add(it.client);
    const own = it.mine && this.waiting.get(it.client);
    if (own) {
      this.waiting.delete(it.client);
      if (this.#firstWaiting() && own.compareDocumentPosition(this.#firstWaiting()) & Node.DOCUMENT_POSITION_PRECEDING) {
        this.#place(own, at);
      }
      return this.#delivered(own, at, it.ord);
    }
    const b = this.#bubble(it, at);
    this.#place(b, at);
    if (it.mine) this.#delivered(b, at, it.ord);
  }

  // wait shows a message of the visitor's that the hub does not have.
  wait(m) {
    if (this.waiting.has(m.id)) return;
    const at = new Date(m.at);
    const b = this.#bubble({ ...m, mine: true }, at);
    b.at = at;
    this.log.append(b);
    this.#join(b);
    this.waiting.set(m.id, b);
    this.#show();
    this.mark(m.id, tell("waiting"), "unsent");
  }

  // drop forgets a message that will not be sent.
  drop(id) {
    this.waiting.get(id)?.remove();
    this.waiting.delete(id);
  }

  // mark says how far a waiting message has got, and what can be done.
  mark(id, words, kind, act) {
    const b = this.waiting.get(id);
    if (!b) return;
    b.classList.toggle("unsent", kind === "unsent");
    b.classList.toggle("failed", kind === "failed");
    b.lastChild.replaceChildren(words);
    if (act) b.lastChild.append(" ", worded("link", tell("again"), act));
  }

  #delivered(b, at, ord) {
    b.classList.remove("unsent", "failed");
    if (this.newest && this.newest !== b) this.newest.lastChild.textContent = when(this.newest.at, TIME);
    this.newest = b;
    b.at = at;
    b.ord = ord;
    this.setRead(this.read);
  }

  // setRead says whether staff have looked at the newest message.
  setRead(ord) {
    this.read = ord;
    const b = this.newest;
    if (b) b.lastChild.textContent = when(b.at, TIME) + " · " + tell(b.ord <= ord ? "read" : "sent");
  }

  #bubble(it, at) {
    const b = el("div", { class: it.mine ? "message mine" : "message" });
    b.author = it.mine ? "" : it.author || tell("support");
    if (!it.mine) b.append(el("div", { class: "author", dir: "auto" }, b.author));
    if (it.text) {
      const text = el("div", { class: "text", dir: "auto" });
      text.append(...(it.mine ? [it.text] : linked(it.text)));
      b.append(text);
    }
    for (const f of it.files || []) b.append(f.row || this.#file(f));
    b.append(el("div", { class: "meta" }, when(at, TIME)));
    return b;
  }

  // file keeps a place for a file until what shows files is loaded.
  #file(f) {
    const place = el("div", { class: "file" }, f.name);
    this.chat.more((x) => { place.replaceWith(x.stored(f)); this.#show(); });
    return place;
  }

  #firstWaiting() { return this.waiting.values().next().value || null; }

  // place puts an element behind what the hub has and before what waits.
  #place(b, at) {
    b.at = at;
    const next = this.#firstWaiting();
    const line = next && next.previousElementSibling;
    if (line && line.classList.contains("day")) line.remove(); // join draws it anew
    this.log.insertBefore(b, next);
    this.#join(b);
    if (next) this.#join(next);
    this.#show();
  }

  #show() {
    if (this.view.following) this.view.toEnd();
  }

  // join relates an element to the one before: another day gets a line, the
  // same author within some minutes gets one block.
  #join(b) {
    let before = b.previousElementSibling;
    if (!before || dayOf(before.at) !== dayOf(b.at)) {
      const line = el("p", { class: "day" }, dayOf(b.at));
      line.at = b.at;
      if (!before || !before.classList.contains("day") || before.textContent !== line.textContent) b.before(line);
      before = null;
    }
    const same = Boolean(before) && before.classList.contains("message") && b.classList.contains("message") &&
      before.classList.contains("mine") === b.classList.contains("mine") &&
      before.author === b.author && b.at - before.at < 180000;
    b.classList.toggle("follows", same);
    if (same) before.classList.add("joined");
  }
}
