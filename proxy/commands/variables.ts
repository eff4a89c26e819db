/** Variables of the environment by which programs run, load or find something else. Name → what its value must look like to matter. */
const FOREIGN = /(?:^|[\s:=])\/?(?:tmp|var\/tmp|dev\/shm)\/|curl|wget|\bnc\b|(?:^|[\s;|&(])(?:ba|z|da)?sh\s+-c|\/dev\/tcp/;

const BY_NAME: [RegExp, RegExp, RegExp?][] = [
  [
    /^(?:BASH_ENV|ENV|ZDOTDIR|PYTHONSTARTUP|PYTHONHOME|PYTHONPATH|PERL5DB|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|NODE_PATH|CLASSPATH|LESSOPEN|LESSCLOSE|PAGER|MANPAGER|BROWSER|VISUAL|EDITOR|SSH_ASKPASS|SUDO_ASKPASS|GIT_\w+|GCONV_PATH|GTK_MODULES|QT_PLUGIN_PATH|OPENSSL_CONF|OPENSSL_ENGINES|KRB5_CONFIG)$/,
    FOREIGN,
  ],
  [
    /^PROMPT_COMMAND$/,
    /curl|wget|\bnc\b|\/tmp\/|\/dev\/(?:tcp|udp|shm)|base64|\bsh\b|python|eval\s|\uFFFC|>>/,
    /^(?:history|__|_\w+|echo -n?e?\s|printf)/,
  ],
  [/^NODE_OPTIONS$/, /--(?:require|import|loader|experimental-loader)|-r\s/, /ts-node|tsx|dotenv|source-map|esm\b|register/],
  [/^(?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CATALINA_OPTS|MAVEN_OPTS)$/, /-javaagent|-agent(?:path|lib)|OnOutOfMemoryError/],
  [/^PATH$/, /^(?:\.|\/tmp|\/dev\/shm|\/var\/tmp)(?:[:/]|$)|^:/],
];

/** True when a variable with this value makes other programs run or load something that is not theirs. */
export function runsByVariable(name: string, value: string | undefined): boolean {
  if (value === undefined || value === '') return false;
  return BY_NAME.some(([n, v, harmless]) => n.test(name) && v.test(value) && !harmless?.test(value));
}
