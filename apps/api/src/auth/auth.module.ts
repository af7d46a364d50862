import { Module } from '@nestjs/common';
import { PermissionsController } from './permissions.controller.ts';
import { TokenVerifier } from './token-verifier.ts';

/** Authentication and the permissions of callers. */
@Module({
  controllers: [PermissionsController],
  providers: [TokenVerifier],
  exports: [TokenVerifier],
})
export class AuthModule {}
