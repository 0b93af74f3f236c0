// The menu, the question before a chat ends, and what stands in the
// composer's place when it has ended.
const { view } = chat;
const transcribe = () => { unfold(false); chat.more(transcript); };
const menu = el("div", { class: "menu", hidden: "" },
  worded("", tell("transcript"), transcribe), worded("", tell("end"), () => { unfold(false); question(true); }));
const asked = el("div", { class: "bar", role: "group", "aria-label": tell("ask"), hidden: "" }, el("span", {}, tell("ask")),
  worded("main", tell("yes"), () => { question(false); chat.leave(); }), worded("", tell("no"), () => question(false)));
view.ended = el("div", { class: "bar", hidden: "" }, el("span", { role: "status" }, tell("ended")),
  worded("main", tell("restart"), () => { view.setEnded(false); view.text.focus(); }), worded("", tell("transcript"), transcribe));
view.more.after(menu);
view.notice.before(asked, view.ended);

// unfold opens or folds the menu.
function unfold(open) {
  fold(!open);
  (open ? menu.firstChild : view.more).focus();
}

function fold(on) {
  menu.hidden = on;
  view.more.ariaExpanded = String(!on);
}

// A menu that the focus left is in the way.
menu.addEventListener("focusout", ({ relatedTarget: next }) => { if (next && next !== view.more && !menu.contains(next)) fold(true); });

// folds folds what is unfolded, and tells whether something was.
view.folds = () => {
  const open = !menu.hidden || !asked.hidden;
  asked.hidden = true;
  if (open) unfold(false);
  return open;
};

// question asks once before the chat ends.
function question(on) {
  asked.hidden = !on;
  (on ? asked.querySelector("button") : view.text).focus();
}

// end shows that the visitor ended the chat, or that it goes on.
function end() {
  view.ended.hidden = !view.form.hidden;
  asked.hidden ||= !view.ended.hidden; // what arrives meanwhile does not take the question away
}
