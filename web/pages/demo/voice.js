// The browser's own voice and ear, where it has them. Its ear may ask its maker what was said: it is used when somebody presses
// the button, and never otherwise.

const TAGS = { ja: "ja-JP", en: "en-US" };

export const canSpeak = () => "speechSynthesis" in window;

/** @returns {any} */
const ear = () => /** @type {any} */ (window).SpeechRecognition ?? /** @type {any} */ (window).webkitSpeechRecognition;

export const canHear = () => Boolean(ear());

/** While somebody speaks nothing is said: it would be heard as theirs. */
let listening = false;

/** Says it, after what is being said. @param {string} text @param {"ja" | "en"} lang */
export function say(text, lang) {
  if (!canSpeak() || listening) return;
  const said = new SpeechSynthesisUtterance(text);
  said.lang = TAGS[lang];
  speechSynthesis.speak(said);
}

/** Says nothing more. */
export const hush = () => canSpeak() && speechSynthesis.cancel();

/**
 * Listens for a sentence: `words` as they come, `done` when it is whole, `ended` in any case, with a reason when it failed.
 * @param {"ja" | "en"} lang @param {{ words: (text: string) => void, done: (text: string) => void, ended: (why: string) => void }} tell
 * @returns {() => void} listens no more
 */
export function listen(lang, { words, done, ended }) {
  const recognition = new (ear())();
  let why = "";
  recognition.lang = TAGS[lang];
  recognition.interimResults = true;
  recognition.onresult = (/** @type {any} */ event) => {
    const result = event.results[event.results.length - 1];
    words(result[0].transcript);
    if (result.isFinal) done(result[0].transcript);
  };
  recognition.onerror = (/** @type {any} */ event) => {
    why = event.error === "aborted" ? "" : event.error;
  };
  recognition.onend = () => {
    listening = false;
    ended(why);
  };
  recognition.start();
  listening = true;
  return () => recognition.abort();
}
