import { type Caller, OPERATIONS, OPERATION_NAMES, type Operation } from '@bookings/domain';
import { Controller, Get, Header, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { badRequest } from '../http/bad-request.ts';
import { businessId } from '../http/opaque-id.ts';
import { setRequestIdHeaders } from '../http/request-context.ts';
import { callerOfRequest } from './auth.hook.ts';
import {
  type AccessRules,
  missingBusinessAccess,
  authorize,
  authorizationPolicy,
} from './authorization.ts';
import { RequiresToken } from './requires.decorator.ts';

/** Reports the permissions of the caller and the verdict on each operation. */
@Controller('permissions')
export class PermissionsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @RequiresToken()
  @Header('Cache-Control', 'no-store')
  permissions(
    @Query('business') query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { caller } = callerOfRequest(request);
    const business = businessOf(query);
    const policy = authorizationPolicy(this.config);
    const { rules } = policy;
    const body = {
      caller: {
        kind: caller.kind,
        appId: caller.appId,
        tenantId: caller.tenantId,
        personalAccount: caller.personal,
        permissions: caller.permissions,
      },
      businessAccess: businessAccess(rules, business),
      operations: OPERATION_NAMES.map((operation) => {
        const missing = authorize(caller, { operation, business }, policy);
        return {
          operation,
          permitted: missing.length === 0,
          anyOf: caller.personal ? [] : OPERATIONS[operation].permissions[caller.kind],
          missing,
          ...(business !== undefined && {
            business: businessVerdict(caller, operation, business, rules),
          }),
        };
      }),
    };
    setRequestIdHeaders(reply, request.requestContext);
    reply.type('application/json').send(Buffer.from(JSON.stringify(body)));
  }
}

/** @throws GraphError 400 for a value that cannot be the id of a business */
function businessOf(query: unknown): string | undefined {
  if (query === undefined) return undefined;
  if (typeof query !== 'string') {
    throw badRequest('The parameter business must appear once.', 'business');
  }
  // An unencoded + decodes to a space, which would name another business.
  if (query.includes(' ')) {
    throw badRequest('A business cannot contain a space; write + as %2B in a query.', 'business');
  }
  return businessId(query);
}

function businessAccess(rules: AccessRules, business: string | undefined) {
  if (rules === undefined) {
    const message = 'There is no business access file: every caller reaches every business.';
    return { narrowed: false, message };
  }
  const ask = business === undefined ? '; ?business= asks about one' : '';
  const message = `A business access file says which businesses a caller reaches${ask}.`;
  return { narrowed: true, message };
}

/** The verdict of the business access file, regardless of the token's permissions. */
function businessVerdict(
  caller: Caller,
  operation: Operation,
  business: string,
  rules: AccessRules,
): { readonly allowed: boolean; readonly reason?: string } {
  const denial = missingBusinessAccess(caller, { operation, business }, rules);
  return denial ? { allowed: false, reason: denial.message } : { allowed: true };
}
