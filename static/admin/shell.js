// Lines for a shell, such that they do what they say when they are pasted as they stand.

/** `text` as one word of a shell, whatever is in it. */
export function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Asks for the password (so that it stands in no history), signs in, and leaves the access token in
 * `TOKEN`. It is one command: were it several, the question would take the next line for its answer.
 */
export function signIn(base, email) {
  const escaped = JSON.stringify(email).replace(/[\\/&]/g, '\\$&');
  const body = quoted(`s/[\\\\"]/\\\\&/g; s/.*/{"email":${escaped},"password":"&","delivery":"body"}/`);
  return [
    `TOKEN=$(printf 'Password: ' >&2; stty -echo; IFS= read -r P; stty echo; printf '%s' "$P" |`,
    `  sed ${body} |`,
    `  curl -sS ${quoted(`${base}/api/auth/login`)} -H 'Content-Type: application/json' -d @- |`,
    `  sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
  ].join('\n');
}

/** The same and then `command`, as one command. */
export function signInAndThen(base, email, command) {
  return `${signIn(base, email)} &&\n${command}`;
}
