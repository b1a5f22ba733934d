// What the server says of a field, in Japanese. In English its own sentences stand; one that is not known here stands as it is.

/** @type {[RegExp, string][]} */
const SENTENCES = [
  [/^(is required|must not be empty)$/, "入力してください。"],
  [/^is required for a number that is not known yet$/, "新しい電話番号には入力が必要です。"],
  [/^must not have more than one line$/, "1行で入力してください。"],
  [/^must be a time such as /, "日時（例: 2026-11-22 10:00）を入力してください。"],
  [/^may become (\d+) characters/, "差し込み後に$1文字になり、長すぎます。"],
  [/^is required: the CSV file$/, "CSVファイルを選んでください。"],
  [/^is no e-mail address$/, "メールアドレスの形式ではありません。"],
  [/^is no telephone number/, "電話番号の形式ではありません（例: 03-1234-5678、090-1234-5678、+81312345678）。"],
  [/^must not be longer than (\d+) characters$/, "$1文字以内で入力してください。"],
  [/^must not be longer than (\d+) bytes$/, "長すぎます（$1バイトまで）。"],
  [/^must have at least (\d+) characters$/, "$1文字以上で入力してください。"],
  [/^must not hold (control characters|the character NUL)$/, "使えない文字（制御文字）が含まれています。"],
  [/^is too easy to guess/, "推測されやすいパスワードです。よくある言葉や並び、名前・メールアドレス・会社名に近いものは使えません。"],
  [/^is not your password$/, "現在のパスワードと違います。"],
  [/^must be another one than the present one$/, "現在のものと同じです。別のものにしてください。"],
  [/^is no longer good; ask an admin/, "有効期限が切れているか、すでに使われています。管理者に新しいものを依頼してください。"],
  [/^must be the address that was invited$/, "招待されたメールアドレスを入力してください。"],
  [/^must be a whole number from (-?[\d.]+) to ([\d.]+)$/, "$1から$2までの整数で入力してください。"],
  [/^must be a number from (-?[\d.]+) to ([\d.]+)$/, "$1から$2までの数で入力してください。"],
  [/^must be a time of day, HH:MM$/, "時刻（例: 09:00）を入力してください。"],
  [/^must be one of (.+)$/, "次のいずれかを選んでください: $1"],
  [/^must not have more than (\d+) entries$|^must be a list of at most (\d+) entries$/, "$1$2件までです。"],
  [/^each entry must be a text of 1 to (\d+) characters$/, "それぞれ1〜$1文字で入力してください。"],
  [/^must hold more than punctuation$/, "句読点以外の言葉を入力してください。"],
  [/^clearly means /, "はっきり別の意味（架電拒否など）になる言い方なので、この意味にはできません。"],
  [/^is the same as readings\[\d+\]/, "同じ語がほかにもあります。"],
  [/^is the same as phrases\[\d+\]/, "同じ言い回しがほかにもあります。"],
  [/^must not have more than (\d+) phrases in a language$/, "一つの意味につき、言語ごとに$1件までです。"],
  [/^each entry must be /, "形式の違う項目があります。"],
  [/^is nobody who works at your company$/, "会社のメンバーではありません。"],
  [/^lies before startDate$/, "開始日より前です。"],
  [/^must be a text$|^must be a list of texts$|^must be an object$|^must be true or false$/, "入力の形式が違います。"],
  [/^must be an id/, "指定が正しくありません。"],
  [/^is given more than once$/, "重複しています。"],
  [/^is no filter of this list$/, "この一覧では使えない条件です。"],
  [/time ?zone/i, "タイムゾーンの名前ではありません（例: Asia/Tokyo）。"],
];

/** @param {string} message @returns {string} */
export function inJapanese(message) {
  for (const [form, sentence] of SENTENCES) {
    const match = form.exec(message);
    if (match) return sentence.replace(/\$(\d)/g, (_, group) => match[Number(group)] ?? "");
  }
  return message;
}
