/** Addresses with a place for one more character. */
export const EMAIL_SHAPES: readonly (readonly [string, string])[] = [
  ['', 'nora@example.org'],
  ['no', 'ra@example.org'],
  ['"no', ' ra"@example.org'],
  ['"no\\', 'ra"@example.org'],
  ['nora', '@example.org'],
  ['nora@', 'example.org'],
  ['nora@exam', 'ple.org'],
  ['nora@example.', 'org'],
  ['nora@example.org', ''],
  ['n\u00f6ra@m\u00fc', 'nchen.de'],
  ['nora@\u{1f600}', '.org'],
];
