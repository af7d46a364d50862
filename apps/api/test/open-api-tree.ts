import { isObject } from '@bookings/domain';

/** A node of the document, and where it is. */
export interface TreeNode {
  readonly path: string;
  readonly node: Record<string, unknown>;
}

/** Every object in `node`, itself first. Examples are data and are left out. */
export function* objectsIn(node: unknown, path = ''): Generator<TreeNode> {
  if (Array.isArray(node)) {
    for (const [index, each] of node.entries()) yield* objectsIn(each, `${path}/${index}`);
  } else if (isObject(node)) {
    yield { path, node };
    for (const [name, each] of Object.entries(node)) {
      if (name !== 'examples' && name !== 'example') yield* objectsIn(each, `${path}/${name}`);
    }
  }
}
