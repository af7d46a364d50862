import { Module } from '@nestjs/common';
import { PermissionsController } from './permissions.controller.ts';
import { TokenVerifier } from './token-verifier.ts';

/** Who calls, and what they may do. */
@Module({
  controllers: [PermissionsController],
  providers: [TokenVerifier],
  exports: [TokenVerifier],
})
export class AuthModule {}
