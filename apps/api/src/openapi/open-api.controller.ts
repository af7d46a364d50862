import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/requires.decorator.ts';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { notFound } from '../http/errors.ts';
import { DOCS_PAGE, DOCS_POLICY, docsFile } from './docs-page.ts';
import { openApiDocument } from './open-api-document.ts';
import { type StaticContent, sendStatic, staticContent } from './static-content.ts';

/** Serves the OpenAPI document and the documentation page. */
@Controller()
export class OpenApiController {
  // Created on the first request; most processes never need it.
  #document: StaticContent | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get('openapi.json')
  @Public()
  document(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#document ??= staticContent(
      'application/json',
      Buffer.from(JSON.stringify(openApiDocument(this.config))),
    );
    sendStatic(request, reply, this.#document);
  }

  /** Relative, so that it works under any prefix. Temporary, because `DOCS` may be turned off. */
  @Get()
  @Public()
  root(@Res() reply: FastifyReply): void {
    reply.header('Cache-Control', 'no-store').redirect('docs', 302);
  }

  @Get('docs')
  @Public()
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    // The links of the page are relative to its URL without a trailing slash.
    if (/^[^?]*[/](?:[?]|$)/.test(request.url)) reply.redirect('../docs', 308);
    else sendStatic(request, reply.header('Content-Security-Policy', DOCS_POLICY), DOCS_PAGE);
  }

  @Get('docs/:file')
  @Public()
  async file(
    @Param('file') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await docsFile(name);
    if (!file) throw notFound(['/docs']);
    sendStatic(request, reply.header('X-Content-Type-Options', 'nosniff'), file);
  }
}
