// add takes files into the tray, and says which are empty, too large or too
// many. Nothing of them leaves the browser before the visitor sends it.
function add(files) {
  const { view } = chat;
  const { limit, count: most } = chat.desk.now.files;
  view.setHint(view.limit);
  for (const data of files) {
    const f = { data, name: data.name, type: data.type, size: data.size };
    if (!f.size) view.setHint(tell("void", { name: f.name }));
    else if (f.size > limit) view.setHint(tell("large", { name: f.name, size: bytes(limit) }));
    else if (view.tray.length >= most) view.setHint(tell("many", { n: count(most) }));
    else hold(view, f);
  }
  view.text.focus();
}

// hold shows a file that can still be taken back.
function hold(view, f) {
  view.tray.push(f);
  view.chips.append(fileRow(f));
  f.does("remove", CROSS_ICON, () => {
    f.row.remove();
    view.tray = view.tray.filter((other) => other !== f);
    view.text.focus();
  });
}
