// Nest as in its documentation: Express, ValidationPipe, passport-jwt, HttpModule. No log.
import 'reflect-metadata';
import { createPublicKey, type webcrypto } from 'node:crypto';
import { Agent } from 'node:http';
import { HttpModule, HttpService } from '@nestjs/axios';
import * as nest from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { firstValueFrom } from 'rxjs';
import { CustomerDto } from './customer.dto.ts';
import { connections, keySetUrl, settings } from './settings.ts';

const { issuer, audience, role, upstreamUrl, upstreamToken } = settings;
// The key set has one key. It is read once, which costs less than a library.
const keySet = (await (await fetch(keySetUrl)).json()) as { keys: [webcrypto.JsonWebKey] };
const signingKey = createPublicKey({ key: keySet.keys[0], format: 'jwk' });

@nest.Injectable()
class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      ...{ issuer, audience, algorithms: ['RS256'] },
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: signingKey.export({ type: 'spki', format: 'pem' }).toString(),
    });
  }

  validate(claims: { roles?: string[] }): object {
    if (!claims.roles?.includes(role)) throw new nest.ForbiddenException();
    return claims;
  }
}

@nest.Controller('v1.0/solutions/bookingBusinesses/:business/customers')
@nest.UseGuards(AuthGuard('jwt'))
class CustomersController {
  constructor(private readonly http: HttpService) {}

  @nest.Post()
  async create(
    @nest.Param('business') business: string,
    @nest.Body() customer: CustomerDto,
  ): Promise<unknown> {
    const path = `/v1.0/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;
    const headers = { authorization: `Bearer ${upstreamToken}` };
    const sent = this.http.post<unknown>(upstreamUrl + path, customer, { headers });
    return (await firstValueFrom(sent)).data;
  }
}

const httpAgent = new Agent({ keepAlive: true, maxSockets: connections });

@nest.Module({
  imports: [PassportModule, HttpModule.register({ timeout: 10_000, httpAgent })],
  controllers: [CustomersController],
  providers: [JwtStrategy],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
const strict = { transform: true, whitelist: true, forbidNonWhitelisted: true };
app.useGlobalPipes(new nest.ValidationPipe(strict));
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
