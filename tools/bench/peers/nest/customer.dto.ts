import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

const ADDRESS_TYPES = ['unknown', 'home', 'business', 'other'];
const PHONE_TYPES = [
  ...['home', 'business', 'mobile', 'other', 'assistant'],
  ...['homeFax', 'businessFax', 'otherFax', 'pager', 'radio'],
];

export class AddressDto {
  @IsOptional() @IsString() @MaxLength(256) postOfficeBox?: string | null;
  @IsOptional() @IsString() @MaxLength(256) street?: string | null;
  @IsOptional() @IsString() @MaxLength(256) city?: string | null;
  @IsOptional() @IsString() @MaxLength(256) state?: string | null;
  @IsOptional() @IsString() @MaxLength(256) countryOrRegion?: string | null;
  @IsOptional() @IsString() @MaxLength(32) postalCode?: string | null;
  @IsOptional() @IsIn(ADDRESS_TYPES) type?: string | null;
}

export class PhoneDto {
  @IsOptional() @IsString() @MaxLength(64) number?: string | null;
  @IsOptional() @IsIn(PHONE_TYPES) type?: string | null;
  @IsOptional() @IsString() @MaxLength(64) language?: string | null;
  @IsOptional() @IsString() @MaxLength(64) region?: string | null;
}

export class CustomerDto {
  @IsOptional()
  @IsIn(['#microsoft.graph.bookingCustomer', 'microsoft.graph.bookingCustomer'])
  '@odata.type'?: string;

  @IsString() @MaxLength(256) @Matches(/\S/) displayName!: string;
  @IsOptional() @IsEmail() emailAddress?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => AddressDto)
  addresses?: AddressDto[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => PhoneDto)
  phones?: PhoneDto[];
}
