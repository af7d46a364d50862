import { HttpService } from '@nestjs/axios';
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  HttpException,
  Injectable,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { isAxiosError } from 'axios';
import { firstValueFrom } from 'rxjs';
import { settings } from '../settings.ts';
import { CustomerDto } from './customer.dto.ts';
import type { Claims } from './jwt.strategy.ts';

@Injectable()
export class RoleGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<{ user: Claims }>();
    if (!user.roles?.includes(settings.role)) throw new ForbiddenException();
    return true;
  }
}

@Injectable()
export class CustomersService {
  constructor(private readonly http: HttpService) {}

  create(business: string, customer: CustomerDto): Promise<unknown> {
    return this.#ask('POST', business, { data: customer });
  }

  list(business: string, params: Record<string, string>): Promise<unknown> {
    return this.#ask('GET', business, { params });
  }

  async #ask(method: string, business: string, more: object): Promise<unknown> {
    const url = `${settings.upstreamUrl}/v1.0/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;
    const headers = { authorization: `Bearer ${settings.upstreamToken}` };
    try {
      const answer = await firstValueFrom(
        this.http.request<unknown>({ method, url, headers, ...more }),
      );
      return answer.data;
    } catch (error) {
      if (!isAxiosError<object>(error) || !error.response) throw new HttpException('upstream', 502);
      throw new HttpException(error.response.data, error.response.status);
    }
  }
}

@Controller('v1.0/solutions/bookingBusinesses/:business/customers')
@UseGuards(AuthGuard('jwt'), RoleGuard)
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Post()
  create(@Param('business') business: string, @Body() customer: CustomerDto): Promise<unknown> {
    return this.customers.create(business, customer);
  }

  @Get()
  list(
    @Param('business') business: string,
    @Query() query: Record<string, string>,
  ): Promise<unknown> {
    return this.customers.list(business, query);
  }
}
