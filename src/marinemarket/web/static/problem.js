// Problem documents (RFC 9457) of the API.

/**
 * What went wrong, as a sentence, or null where the document does not say. Errors of `field` continue a
 * sentence about it, so `aboutField` makes one of them.
 */
export function problemSentence(problem, field, aboutField) {
  const error = problem?.errors?.[0];
  if (error) return error.field === field ? aboutField(error.message) : asSentence(error.message);
  return problem?.detail ? asSentence(problem.detail) : null;
}

/** A text with a capital at its beginning and a full stop at its end. */
export function asSentence(text) {
  const capitalised = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capitalised) ? capitalised : `${capitalised}.`;
}
