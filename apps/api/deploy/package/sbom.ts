import { Buffer } from 'node:buffer';
import { type Component, purlOf } from './components.ts';

export interface Application {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The lock file has digests in Base64, CycloneDX wants hexadecimal. */
function hashOf({ name, integrity }: Component) {
  const [algorithm, digest = ''] = integrity.split('-');
  if (algorithm !== 'sha512') throw new Error(`package-lock.json has no SHA-512 of ${name}`);
  return { alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') };
}

/**
 * The bill of materials in CycloneDX 1.6. It has no serial number and no time, so that the same
 * commit has the same bytes.
 */
export function sbom(
  application: Application,
  components: readonly Component[],
  ofRoot: readonly string[],
) {
  const root = purlOf(application.name, application.version);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: application.name,
        version: application.version,
        licenses: [{ license: { id: application.license } }],
      },
    },
    components: components.map((component) => ({
      type: 'library',
      'bom-ref': component.purl,
      name: component.name,
      version: component.version,
      hashes: [hashOf(component)],
      licenses: [{ license: { id: component.license } }],
      purl: component.purl,
    })),
    dependencies: [
      { ref: root, dependsOn: ofRoot },
      ...components.map(({ purl, dependsOn }) => ({ ref: purl, dependsOn })),
    ],
  };
}
