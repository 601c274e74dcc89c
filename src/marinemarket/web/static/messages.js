// The messages that scripts show. The page supplies them in its own language (web/presentation/script_messages.py).

/**
 * Fills in the placeholders of a message, such as `{name}`. Numbers are written as the language writes them.
 * A message with plural forms takes the form for `values.count`.
 */
export function formatMessage(message, values, language) {
  const pattern = typeof message === "string" ? message : pluralForm(message, values.count, language);
  return pattern.replace(/\{(\w+)\}/g, (placeholder, name) => {
    const value = values[name] ?? placeholder;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

/**
 * The form for a count. `forms` lists each text with counts it is right for; together they cover every
 * plural category, so a form fits when one of its counts is in the same category as `count`.
 */
export function pluralForm(forms, count, language) {
  const rules = new Intl.PluralRules(language);
  const category = rules.select(count);
  const fitting = forms.find(({ counts }) => counts.some((one) => rules.select(one) === category));
  return (fitting ?? forms.at(-1)).text;
}

/** The page's language, or undefined, which is the browser's, where `Intl` does not know it. */
export function pageLanguage() {
  const { lang } = document.documentElement;
  try {
    return Intl.getCanonicalLocales(lang)[0];
  } catch {
    return undefined;
  }
}

/** Looks up the messages of one script: `message("saved")`, or `message("progress", { done: 2 })`. */
export function messagesFor(script) {
  const messages = JSON.parse(document.getElementById("messages").textContent)[script];
  const language = pageLanguage();
  return (key, values = {}) => formatMessage(messages[key], values, language);
}
