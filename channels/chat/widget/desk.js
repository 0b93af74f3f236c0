// Desk is what the hub says about itself: whether it is open, what must be
// read before the chat, what it takes. It is asked when the visitor opens the
// chat, not before.
class Desk {
  constructor(chat) {
    this.chat = chat;
    this.view = chat.view;
    this.now = null; // the hub's last answer
    this.asked = 0;
  }

  async ask(anyway) {
    if (this.asking || !anyway && Date.now() - this.asked < CONFIG_AGE) return;
    this.asking = true;
    try {
      this.now = await (await ask("config?" + new URLSearchParams({ page: location.pathname, lang: language }))).json();
      this.asked = Date.now();
    } catch { /* shown below */ }
    this.asking = false;
    this.show();
    if (!this.now && this.chat.known()) return;
    if (this.now) this.view.setHint();
    else this.view.setHint(tell("unreachable"), () => this.ask());
    if (this.now && this.wanted && !this.#notice()) this.view.submit();
    this.wanted = false;
  }

  // ready tells whether the hub's answer is there; what the visitor wanted to
  // send goes by itself then, unless there is something to be read first.
  ready() {
    if (this.now) return true;
    this.wanted = true;
    this.view.setHint(tell("connecting"));
    this.ask();
    return false;
  }

  // notice returns what the visitor has not seen yet, if anything.
  #notice() {
    const notice = this.now?.notice;
    return notice && this.stamp().notice !== notice.version ? notice : null;
  }

  // show brings the view to what is known.
  show() {
    const { now, view } = this;
    view.allow(now?.files);
    view.setNotice(this.#notice()?.text);
    this.setPlace(this.place);
    if (this.chat.known()) return;
    const away = now && !(now.open && now.staffed);
    view.greet(away ? this.#closed() : tell("hello"), tell(away ? "leave" : "intro"));
    view.setFormal(Boolean(away));
  }

  // closed says when somebody is there again.
  #closed() {
    const { open, opens_at: at } = this.now;
    if (open) return tell("away");
    return tell("closed") + (at ? " " + tell("opens", { time: when(new Date(at), OPENING) }) : "");
  }

  // seen keeps that the notice stood before the visitor who writes.
  seen() {
    const notice = this.#notice();
    if (notice) keep("notice", notice.lang + " " + notice.version);
    this.view.setNotice();
  }

  // stamp returns which notice stood before the visitor.
  stamp() {
    const [lang, ...version] = (kept("notice") || "").split(" ");
    return lang ? { notice: version.join(" "), lang } : {};
  }

  // setPlace says where in the line the visitor stands.
  setPlace(place) {
    this.place = place;
    const { now } = this;
    const n = place?.position;
    if (n) return this.view.setPlace(tell("place", { n: count(n) }) + " " + (place.wait_s === undefined ? tell("unknown") : tell("wait", { time: about(place.wait_s) })));
    this.view.setPlace(now && !now.open && this.chat.known() ? this.#closed() : "");
  }
}
