import { type Caller, type Operation, PERMISSIONS } from '@bookings/domain';
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

/** What a caller holds and may do, and why not, before it tries. Nothing of anybody else's. */
@Controller('permissions')
export class PermissionsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @RequiresToken()
  @Header('Cache-Control', 'no-store')
  permissions(
    @Query('business') asked: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { caller } = callerOfRequest(request);
    const business = businessOf(asked);
    const policy = authorizationPolicy(this.config);
    const { rules } = policy;
    const answer = {
      caller: {
        kind: caller.kind,
        appId: caller.appId,
        tenantId: caller.tenantId,
        personalAccount: caller.personal,
        permissions: caller.permissions,
      },
      businessAccess: businessAccess(rules, business),
      operations: PERMISSIONS.filter(({ kind }) => kind === caller.kind).map((row) => {
        const missing = authorize(caller, { operation: row.operation, business }, policy);
        return {
          operation: row.operation,
          permitted: missing.length === 0,
          anyOf: caller.personal ? [] : row.anyOf,
          missing,
          ...(business !== undefined && {
            business: businessVerdict(caller, row.operation, business, rules),
          }),
        };
      }),
    };
    setRequestIdHeaders(reply, request.requestContext);
    reply.type('application/json').send(Buffer.from(JSON.stringify(answer)));
  }
}

/** @throws GraphError 400 for what can be no business in a path either */
function businessOf(asked: unknown): string | undefined {
  if (asked === undefined) return undefined;
  if (typeof asked !== 'string') throw badRequest('business must be given once.', 'business');
  // Else `a+b@contoso.com` would get the verdict of another address.
  if (asked.includes(' ')) {
    throw badRequest('No business holds a space; in a query + is written as %2B.', 'business');
  }
  return businessId(asked);
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

/** What the access rule alone says, whatever the token holds. */
function businessVerdict(
  caller: Caller,
  operation: Operation,
  business: string,
  rules: AccessRules,
): { readonly allowed: boolean; readonly reason?: string } {
  const denial = missingBusinessAccess(caller, { operation, business }, rules);
  return denial ? { allowed: false, reason: denial.message } : { allowed: true };
}
