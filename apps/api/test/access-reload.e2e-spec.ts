import {
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccessFile, accessJson } from './access-file.ts';
import { BUSINESS } from './documented.ts';
import { Stack, useFreshStack } from './stack.ts';

// The proxy reads the file once a second. Some tests wait for several reads.

const other = (number: number) => ({
  appId: `aaaaaaaa-0000-4000-8000-00000000000${number}`,
  businesses: ['*@contoso.com'],
});
const US = { businesses: [BUSINESS] };
/** Files with different numbers of callers, which the log lines contain. */
const US_OF_2 = accessJson(US, other(1));
const NOT_US_OF_3 = accessJson(other(1), other(2), other(3));
const US_OF_4 = accessJson(US, other(1), other(2), other(3));

let file: AccessFile;
beforeEach(() => {
  file = new AccessFile(US, other(1));
});
const stack = useFreshStack(() => ({ BUSINESS_ACCESS_FILE: file.path }));

const status = async () => (await stack.create()).status;
const inForce = (callers: number) => stack.lineWith('bookings.callers', callers);
const errors = () => stack.logLines.filter((line) => line.startsWith('{"log.level":"error",'));

describe('a new version of the business access file', () => {
  it('takes effect when its log line is written', async () => {
    expect(await inForce(2)).toMatchObject({
      'log.level': 'info',
      message: 'the business access file is in force',
    });
    expect(await status()).toBe(201);
    file.replace(NOT_US_OF_3);
    expect(await inForce(3)).toMatchObject({
      'log.level': 'info',
      message: 'a new version of the business access file is in force',
    });
    expect(await status()).toBe(403);
    file.replace(US_OF_4);
    await inForce(4);
    expect(await status()).toBe(201);
  });

  it('is noticed although it has the length and the modification time of the old version', async () => {
    const old = new Date('2026-01-01T00:00:00Z');
    writeFileSync(file.path, US_OF_2.padEnd(NOT_US_OF_3.length));
    utimesSync(file.path, old, old);
    const padded = await Stack.start({ BUSINESS_ACCESS_FILE: file.path });
    writeFileSync(file.path, NOT_US_OF_3);
    utimesSync(file.path, old, old);
    await padded.lineWith('bookings.callers', 3);
    const response = await padded.create();
    await padded.stop();
    expect(response.status).toBe(403);
  });

  it('is noticed when a symbolic link points to another folder', async () => {
    // Kubernetes mounts a ConfigMap in this way.
    const folderOf = (name: string, text: string) => {
      mkdirSync(join(file.folder, name));
      writeFileSync(join(file.folder, name, 'access.json'), text);
    };
    folderOf('v1', US_OF_2);
    symlinkSync('v1', join(file.folder, 'data'));
    const mounted = join(file.folder, 'mounted.json');
    symlinkSync(join('data', 'access.json'), mounted);
    const kube = await Stack.start({ BUSINESS_ACCESS_FILE: mounted });
    folderOf('v2', NOT_US_OF_3);
    symlinkSync('v2', join(file.folder, 'next'));
    renameSync(join(file.folder, 'next'), join(file.folder, 'data'));
    rmSync(join(file.folder, 'v1'), { recursive: true });
    await kube.lineWith('bookings.callers', 3);
    const response = await kube.create();
    await kube.stop();
    expect(response.status).toBe(403);
  });

  it.each<[string, string, string[]]>([
    ['not JSON', '{"callers": [', ['is not valid JSON']],
    [
      'not JSON in its second line',
      '{\n"callers": [1 2]}',
      ['is not valid JSON, see line 2 column 15'],
    ],
    ['empty', '', ['is not valid JSON']],
    [
      'invalid in several places',
      accessJson({ appId: 'x', businesses: ['*'] }, { businesses: [], operations: ['write'] }),
      [
        'callers[0].appId is not a GUID',
        'callers[0].businesses[0] matches nothing: * does not match "@"',
        'callers[1].businesses is empty',
        'callers[1].operations[0] is unknown',
      ],
    ],
  ])('is rejected with an error in the log when it is %s', async (_title, text, faults) => {
    file.replace(text);
    const line = await stack.lineWith('log.level', 'error');
    expect(line).toMatchObject({
      message: 'the business access file is invalid, its last valid version stays in force',
      'bookings.faults': faults.map((fault): unknown =>
        expect.stringContaining(`${fault}; expected: `),
      ),
    });
    expect(line['bookings.faults']).toHaveLength(faults.length);
    expect(await status()).toBe(201);
    file.replace(NOT_US_OF_3);
    await inForce(3);
    expect(await status()).toBe(403);
    expect(errors()).toHaveLength(1);
  });

  it('is not read when it is too large', async () => {
    // Has no blocks on the disk.
    truncateSync(file.path, 2 ** 30);
    const line = await stack.lineWith('log.level', 'error');
    expect(JSON.stringify(line['bookings.faults'])).toContain('names a file of more than 64 MiB');
    expect(await status()).toBe(201);
    file.replace(NOT_US_OF_3);
    await inForce(3);
    expect(await status()).toBe(403);
  });

  it('is noticed after the file was missing', async () => {
    rmSync(file.path);
    const line = await stack.lineWith('log.level', 'error');
    expect(JSON.stringify(line['bookings.faults'])).toContain('names a file that does not exist');
    expect(await status()).toBe(201);
    stack.logLines.length = 0;
    file.replace(US_OF_2);
    await inForce(2);
    expect(await status()).toBe(201);
  });

  it.each<[string, () => void]>([
    [
      'is invalid',
      () => {
        file.replace('{');
      },
    ],
    [
      'is missing',
      () => {
        rmSync(file.path);
      },
    ],
  ])('causes one error in the log however long it %s', async (_title, spoil) => {
    spoil();
    await stack.lineWith('log.level', 'error');
    // Another file with the same interval serves as a clock.
    const clock = new AccessFile(US);
    const other = await Stack.start({ BUSINESS_ACCESS_FILE: clock.path });
    for (const [text, callers] of [
      [US_OF_2, 2],
      [NOT_US_OF_3, 3],
      [US_OF_4, 4],
    ] as const) {
      clock.replace(text);
      await other.lineWith('bookings.callers', callers);
    }
    await other.stop();
    expect(errors()).toHaveLength(1);
  });

  it('is not read after the application was closed', async () => {
    const closed = await Stack.start({ BUSINESS_ACCESS_FILE: file.path });
    await closed.stop();
    file.replace(NOT_US_OF_3);
    await inForce(3);
    file.replace(US_OF_4);
    await inForce(4);
    const lines = closed.logLines.filter((line) => line.includes('business access file'));
    expect(lines).toHaveLength(1);
  });

  it('puts no business and no application id in the log', async () => {
    file.replace(NOT_US_OF_3);
    await inForce(3);
    file.replace(accessJson({ appId: 'secret-app', businesses: ['secret.business', 'a%40b@c'] }));
    await stack.lineWith('log.level', 'error');
    expect(stack.logLines.join('')).not.toMatch(/secret|aaaaaaaa|%40/);
  });
});
