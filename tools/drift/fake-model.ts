import { KNOWN_OPERATIONS, KNOWN_SCHEMA } from '@bookings/graph-fake';
import { type ApiModel, modelOf } from './api-model.ts';
import { rowsOf } from './permission-rows.ts';
import { STRUCTURE, enumElements, property, readOnlyProperties } from './structure.ts';

/** What the fake knows of Graph. It shares no code with the proxy, so each can be wrong alone. */
export function fakeModel(): ApiModel {
  const { types, enums, readOnly } = KNOWN_SCHEMA;
  const properties = Object.entries(types).flatMap(([type, members]) =>
    Object.entries(members).map(([name, each]) => property(type, name, each.type, each.isNullable)),
  );
  const members = Object.entries(enums).flatMap(([name, names]) => enumElements(name, names));
  const rows = KNOWN_OPERATIONS.flatMap(({ method, path, permissions }) =>
    rowsOf(method, `/${path}`, permissions, false),
  );
  return modelOf([
    ...[...STRUCTURE, ...members, ...properties],
    ...[...readOnlyProperties(readOnly), ...rows],
  ]);
}
