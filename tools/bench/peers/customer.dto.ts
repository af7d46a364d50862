// The same rules for ValidationPipe, for both peers with Nest.
import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import * as is from 'class-validator';

const TYPES = ['#microsoft.graph.bookingCustomer', 'microsoft.graph.bookingCustomer'];
const PHONES = 'home business mobile other assistant homeFax businessFax otherFax pager radio';

const Text = (most: number) => applyDecorators(is.IsOptional(), is.IsString(), is.MaxLength(most));
const OneOf = (members: string[]) => applyDecorators(is.IsOptional(), is.IsIn(members));
const List = (most: number) =>
  applyDecorators(is.IsOptional(), is.IsArray(), is.ArrayMaxSize(most));

class AddressDto {
  @Text(256) postOfficeBox?: string | null;
  @Text(256) street?: string | null;
  @Text(256) city?: string | null;
  @Text(256) state?: string | null;
  @Text(256) countryOrRegion?: string | null;
  @Text(32) postalCode?: string | null;
  @OneOf(['unknown', 'home', 'business', 'other']) type?: string | null;
}

class PhoneDto {
  @Text(64) number?: string | null;
  @OneOf(PHONES.split(' ')) type?: string | null;
  @Text(64) language?: string | null;
  @Text(64) region?: string | null;
}

export class CustomerDto {
  @OneOf(TYPES) '@odata.type'?: string;
  @is.IsString() @is.MaxLength(256) @is.Matches(/\S/) displayName!: string;
  @is.IsOptional() @is.IsEmail() emailAddress?: string | null;
  @List(20) @is.ValidateNested({ each: true }) @Type(() => AddressDto) addresses?: AddressDto[];
  @List(30) @is.ValidateNested({ each: true }) @Type(() => PhoneDto) phones?: PhoneDto[];
}
