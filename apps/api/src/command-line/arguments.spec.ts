import { describe, expect, it } from '@jest/globals';
import { readArguments } from './arguments.ts';

const business = 'Contosolunchdelivery@contoso.onmicrosoft.com';

describe('readArguments', () => {
  it.each([
    ['', { kind: 'serve' }],
    ['--help', { kind: 'help' }],
    ['--version', { kind: 'version' }],
    ['--check', { kind: 'check', business: undefined }],
    [`--check --online --business ${business}`, { kind: 'check', business }],
    [`--online --check --business=${business}`, { kind: 'check', business }],
    ['--check --help', { kind: 'help' }],
  ])('understands "%s"', (line, command) => {
    expect(readArguments(line.split(' ').filter((word) => word !== ''))).toEqual(command);
  });

  it.each([
    ['--chekc', "Unknown option '--chekc'"],
    ['serve', "Unexpected argument 'serve'"],
    ['--check=yes', "Option '--check' does not take an argument"],
    ['--online', '--online and --business need --check'],
    [`--business ${business}`, '--online and --business need --check'],
    [`--check --business ${business}`, '--business needs --online'],
    ['--check --online', '--online needs --business ID, the id of a booking business'],
    [
      '--check --online --business a%b',
      '--online needs --business ID, the id of a booking business',
    ],
  ])('refuses "%s"', (line, message) => {
    expect(() => readArguments(line.split(' '))).toThrow(new RegExp(`^${message}$`));
  });
});
