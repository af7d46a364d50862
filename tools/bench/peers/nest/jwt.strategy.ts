import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { settings } from '../settings.ts';
import { signingKey } from './signing-key.ts';

export interface Claims {
  readonly roles?: readonly string[];
}

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: signingKey,
      algorithms: ['RS256'],
      issuer: settings.issuer,
      audience: settings.audience,
    });
  }

  validate(claims: Claims): Claims {
    return claims;
  }
}
