// The words are in lang/XX.json. English is part of the script, so that there
// is always something to say; another language is loaded before the button
// shows, so that nothing changes under the visitor's eyes.
let words = ENGLISH;
let language = "en";
let locale;

// speak chooses the language: what the site says, then what the page is in,
// then what the browser asks for.
async function speak() {
  const wishes = [me.dataset.lang, document.documentElement.lang, ...navigator.languages].filter(Boolean);
  const bare = (l) => l.toLowerCase().split(/[-_]/)[0];
  language = wishes.map(bare).find((l) => LANGUAGES.includes(l)) || language;
  if (language !== "en") {
    try {
      words = { ...ENGLISH, ...(await (await ask("lang/" + language + ".json")).json()) };
    } catch {
      language = "en";
    }
  }
  locale = navigator.languages.find((l) => bare(l) === language) || language;
}

const DAY = { weekday: "long", day: "numeric", month: "long" };
const OPENING = { ...DAY, hour: "numeric", minute: "2-digit" };
const TIME = { timeStyle: "short" };

// when writes a moment. What writes it costs so much to make that it is made
// when it is needed.
const clocks = new Map();
function when(at, how) {
  if (!clocks.has(how)) clocks.set(how, new Intl.DateTimeFormat(locale, how));
  return clocks.get(how).format(at);
}

// learn adds the English words of a part that was loaded later.
function learn(more) {
  words = { ...more, ...words };
}

// tell returns a text with its fields filled in.
function tell(key, fields = {}) {
  return words[key].replace(/{(\w+)}/g, (_, name) => fields[name]);
}

// count writes a number, with a unit where there is one.
function count(n, unit, width = "long") {
  return new Intl.NumberFormat(locale, unit ? { style: "unit", unit, unitDisplay: width, maximumFractionDigits: 1 } : {}).format(n);
}

// bytes writes a size as people do.
function bytes(n) {
  return n < 1e3 ? count(n, "byte") : n < 1e6 ? count(Math.round(n / 1e3), "kilobyte", "short") : count(n / 1e6, "megabyte", "short");
}

// about writes how long something takes: never less than a minute, because
// nobody knows it better.
function about(seconds) {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes < 90 ? count(minutes, "minute") : count(Math.ceil(minutes / 60), "hour");
}

// dayOf returns the words for a day: today, yesterday, or which one.
function dayOf(at) {
  const day = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate());
  const ago = Math.round((day(new Date()) - day(at)) / 86400000);
  return ago === 0 ? tell("today") : ago === 1 ? tell("yesterday") : when(at, DAY);
}
