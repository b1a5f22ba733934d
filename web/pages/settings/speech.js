// The browser's own speech, where it has one.

export const canSpeak = () => "speechSynthesis" in window;

/** @param {string} text @param {string} language */
export function speak(text, language) {
  const said = new SpeechSynthesisUtterance(text);
  said.lang = language === "en" ? "en-US" : "ja-JP";
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}
