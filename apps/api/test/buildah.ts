import { execFileSync } from 'node:child_process';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ImageConfiguration {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** Buildah with images of its own, which are removed after the last test of the file. */
export class Buildah {
  readonly #storage: readonly string[];

  constructor() {
    const folder = temporaryFolder();
    this.#storage = ['--root', `${folder}/images`, '--runroot', `${folder}/run`];
    // Its folders hold mounts until the containers are removed.
    onTeardown(() => this.run('rm', '--all'));
  }

  /** Builds an image from a folder. @returns its name */
  build(dockerfile: string, folder: string): string {
    // The format has a place for HEALTHCHECK, which that of OCI has not.
    this.run(
      'bud',
      '--isolation=chroot',
      '--format=docker',
      '-f',
      dockerfile,
      '-t',
      'image',
      folder,
    );
    return 'image';
  }

  /** Size of an image in megabytes, as buildah says it. */
  megabytes(image: string): number {
    return Number(/^(\d+) MB/.exec(this.run('images', '--format', '{{.Size}}', image))?.[1]);
  }

  /** The configuration of an image, as its Dockerfile says it. */
  configuration(image: string): ImageConfiguration {
    const parsed = JSON.parse(this.run('inspect', '--type=image', image)) as {
      Docker: { config: ImageConfiguration };
    };
    return parsed.Docker.config;
  }

  /** Runs a program in a new container and waits for its end. Buildah forwards no signal to it. */
  runIn(image: string, program: readonly string[]): string {
    return this.run('run', '--isolation=chroot', this.run('from', image).trim(), '--', ...program);
  }

  /** What starts the process of the image with the image as its root, and with its variables. */
  process(image: string) {
    const { User, Env, Entrypoint } = this.configuration(image);
    const root = this.run('mount', this.run('from', image).trim()).trim();
    const env: Record<string, string> = {};
    for (const line of Env)
      env[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    return {
      command: ['/usr/sbin/chroot', `--userspec=${User}`, root, ...Entrypoint] as const,
      env,
    };
  }

  run(...args: readonly string[]): string {
    return execFileSync('buildah', [...this.#options, ...args], { encoding: 'utf8' });
  }

  get #options(): readonly string[] {
    return [...this.#storage, '--storage-driver=vfs'];
  }
}
