// Values of settings come as TOML; what else is made of them.

/** True where what is in force is not what would be without anybody's doing. */
export function isChanged({ value, secret, default: usual }) {
  return secret || value !== usual;
}

/** The lines of `config.toml` that set it to what it is. */
export function lines({ section, key, value, secret, default: usual }) {
  return `[${section}]\n${key} = ${secret ? usual : value}`;
}

/** The same as a variable, as a shell takes it. */
export function variableLine({ variable, value, secret, default: usual }) {
  return `${variable}=${quoted(plain(secret ? usual : value))}`;
}

/** The file that settings are read from: the one that has set some, else where one is looked for. */
export function configPath(items) {
  const inFile = items.find(({ source }) => source === 'file')?.name;
  if (inFile) return inFile.replace(/:\d+$/, '');
  const folder = items.find(({ key }) => key === 'data_dir')?.value;
  return folder ? `${plain(folder)}/config.toml` : 'config.toml';
}

/** Texts and lists of TOML look like those of JSON; variables have neither quotes nor brackets. */
function plain(toml) {
  try {
    const value = JSON.parse(toml);
    return Array.isArray(value) ? value.join(',') : String(value);
  } catch {
    return toml;
  }
}

function quoted(text) {
  return /^[\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
