// The hub is where this script came from. Everything the widget asks for goes
// there, and nowhere else.
const me = document.currentScript || document.querySelector('script[src$="/widget.js"]');
const hub = (path) => new URL(path, me.src);
const SOCKET = hub("socket");
SOCKET.protocol = SOCKET.protocol === "https:" ? "wss:" : "ws:";

// A page that loads the widget twice gets one.
if (document.querySelector("hark-chat")) return;
const host = document.createElement("hark-chat");
// Beside the body, so that what the site does to its body leaves us alone.
document.documentElement.append(host);

// How long things may take, in milliseconds.
const ANSWER_WAIT = 20000; // from a message to any word of the hub
const PROBE_WAIT = 8000; // from asking whether the hub is there
const DIAL_WAIT = 15000; // from dialling to the hub's welcome
const ASK_WAIT = 8000; // for a small answer over HTTP
const FILE_WAIT = 600000; // for a file
const RETRY_FIRST = 500; // then twice as long each time
const RETRY_MOST = 30000;
const TYPING_EVERY = 3000; // "still typing" to the hub
const PEEK_EVERY = 1000; // unsent text, where the notice says so
const OTHER_TAB = 4000; // before a message of another tab is taken over
const CONFIG_AGE = 60000; // before the hub is asked again how things are
const TEXT_MOST = 4000; // characters in one message; longer ones are sent in parts

// ask fetches something small from the hub; what is not a success throws.
async function ask(path, options, wait = ASK_WAIT) {
  const answer = await fetch(hub(path), { credentials: "omit", signal: AbortSignal.timeout(wait), ...options });
  if (!answer.ok) throw answer.status;
  return answer;
}

// secret returns n random bytes in the alphabet of base64url.
function secret(n) {
  const bytes = crypto.getRandomValues(new Uint8Array(n));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
