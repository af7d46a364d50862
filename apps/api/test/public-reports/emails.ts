import { issue, pull } from './report.ts';

/** The address, and what the error says of it. */
export type RefusedEmail = readonly [source: string, address: string, message: string];

const invisible = (position: number) => `an invisible character at position ${position},`;
const blank = (position: number) => `a blank at position ${position},`;
const OUTER = 'begins or ends with a blank';
const VALIDATOR = 'validatorjs/validator.js';
const Z_SCHEMA = issue('zaggino/z-schema', 252);
const LANTERN = pull('getlantern/lantern', 8836);
const FILLERS = pull('velopert/velog', 39);

/** Addresses with characters that are not seen, mostly copied from somewhere. */
export const REFUSED: readonly RefusedEmail[] = [
  [issue(VALIDATOR, 940), '\u200buser@example.com', invisible(1)],
  [issue(VALIDATOR, 940), 'user@example.com\ufffd', 'a replacement character at position 17,'],
  [pull(VALIDATOR, 2648), 'user@exam\u2060ple.com', invisible(10)],
  [issue(VALIDATOR, 2036), '\ufeffuser@domain.com', invisible(1)],
  [issue('typestack/class-validator', 1637), '\u202auser@domain.com', invisible(1)],
  [issue('jquery-validation/jquery-validation', 1287), 'xyz@\u200bgmail.\u200bcom', invisible(5)],
  [Z_SCHEMA, 'my_email\u00a0@gmail.com', blank(9)],
  [Z_SCHEMA, 'my_email\u200b@gmail.com', invisible(9)],
  [Z_SCHEMA, 'my_email\u200e@gmail.com', invisible(9)],
  [Z_SCHEMA, 'my_email\u200f@gmail.com', invisible(9)],
  [issue('ansman/validate.js', 348), '\u2009example@email.test', OUTER],
  [issue('egulias/EmailValidator', 386), 'j.doe\u00a0@example.com', blank(6)],
  [issue('pydantic/pydantic', 3772), 'example@example.com\u200b', invisible(20)],
  [LANTERN, '3563246481zp@gmail.co\u3000m', blank(22)],
  [LANTERN, '3563246481zp@gmail.co\u00adm', invisible(22)],
  [LANTERN, '3563246481zp@gmail.co\u200cm', invisible(22)],
  [pull('python/cpython', 19007), '"nora\r\nBcc: x"@example.org', invisible(6)],
  [issue('jstedfast/EmailValidation', 39), '"FWS\r\n test"@iana.org', invisible(5)],
  [issue('jstedfast/EmailValidation', 39), '"FWS\r\n\ttest"@iana.org', invisible(5)],
  [issue('jagracey/Awesome-Unicode', 4), 'nora\u3164@example.org', invisible(5)],
  [FILLERS, 'nora@\u115fexample.org', invisible(6)],
  [FILLERS, 'nora\u1160@example.org', invisible(5)],
  [FILLERS, 'nora@example\uffa0.org', invisible(13)],
  [issue('OWASP/ASVS', 1744), 'nora@example\u202egro.org', invisible(13)],
];

/** Addresses of people, which other services have refused. */
export const ACCEPTED: readonly (readonly [source: string, address: string])[] = [
  [issue('ajv-validator/ajv', 791), '\u00e9\u043f@\uc815.example'],
  [issue('ajv-validator/ajv', 1646), 'pr\u00edvate@test.com'],
  [issue('form-validation/form-validation', 121), 'h\u00e4hnchen@k\u00e4se.de'],
  [issue('form-validation/form-validation', 121), 'h\u00e4hnchen@xn--kse-qla.de'],
  [
    issue('PHPMailer/PHPMailer', 668),
    '\u043e\u0441\u043c\u0430\u043d\u043e\u0432@\u043f\u0438\u0441\u044c\u043c\u043e.\u0440\u0444',
  ],
  [
    issue('PHPMailer/PHPMailer', 668),
    '\u043e\u0441\u043c\u0430\u043d\u043e\u0432@xn--h1aigbl0e.xn--p1ai',
  ],
  [issue('iamcal/rfc822', 1), '\u00fcbersetzer@\u00fcbersetzungsb\u00fcro.at'],
  [issue('eclipse-ee4j/angus-mail', 28), 'nora@mu\u0308nchen.de'],
  [issue('K-and-R/email_validator', 37), "evan.o'malley@gmail.com"],
  [issue('lightdash/lightdash', 20874), "o'hara@example.org"],
  [issue('wajahatkarim3/EasyValidation', 40), 'jsmith+test1@example.org'],
  [
    issue('microsoftgraph/microsoft-graph-docs-contrib', 5582),
    'email_outlook.com#EXT#@contoso.onmicrosoft.com',
  ],
];
