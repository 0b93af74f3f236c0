// renew shows another notice for a message that the hub did not take without
// it. The visitor sends it again by hand.
async function renew(id) {
  const { desk } = chat;
  forget("notice");
  await desk.ask(true);
  chat.bubbles.mark(id, tell("notice"), "failed", () => {
    if (!desk.now) return desk.ask(true);
    desk.seen();
    chat.held.delete(id);
    const m = outbox.entry(id);
    if (m) outbox.add({ ...m, ...desk.stamp() });
    chat.pump();
  });
}
