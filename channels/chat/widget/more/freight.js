// raise sends a message's files, and the message when all of them are with
// the hub. What is written meanwhile does not wait for them.
function raise(m) {
  chat.rising.set(m.id, m);
  chat.bubbles.wait(m);
  for (const f of m.files) lift(m, f);
}

async function lift(m, f) {
  const bar = el("progress", { max: "1", value: "0", "aria-label": tell("progress", { name: f.name }) });
  f.says(bar);
  chat.bubbles.mark(m.id, tell("sending"));
  f.does("cancel", CROSS_ICON, () => lower(m, f));
  try {
    f.done = await upload(f, chat.token, (share) => { bar.value = share; });
    const row = f.row;
    row.replaceWith(stored(f.done));
    f.row = f.done.row;
    settle(m);
  } catch (why) {
    chat.bubbles.mark(m.id, tell("waiting"));
    f.says(why, " ", worded("link", tell("again"), () => lift(m, f)));
  }
}

// lower takes a file out of a message that was not sent.
function lower(m, f) {
  f.stop();
  f.row.remove();
  m.files = m.files.filter((other) => other !== f);
  settle(m);
}

function settle(m) {
  if (!chat.rising.has(m.id) || !m.files.every((f) => f.done)) return;
  chat.rising.delete(m.id);
  const files = m.files.map(({ done }) => ({ id: done.id, name: done.name, type: done.type, size: done.size }));
  if (!m.text && !files.length) return chat.bubbles.drop(m.id);
  outbox.add({ ...m, files });
  chat.pump();
}
