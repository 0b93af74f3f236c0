// The button shows when its words are there. The chat is built when somebody
// wants it: the visitor, now or when they wrote before, here or in another tab.
speak().then(() => {
  let chat;
  const door = new Door(() => wake().view.toggle(chat.view.panel.hidden));
  const wake = () => chat ??= new Chat(door);
  if (kept("token")) wake();
  addEventListener("storage", (e) => { if (kept("token")) wake().otherTab(e.key); });
});
