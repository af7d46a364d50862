import { type Report, issue, pull } from './report.ts';

export interface QueryReport extends Report {
  readonly query: string;
  /** A part of the message of the 400; undefined when the query reaches Graph byte for byte. */
  readonly refused?: string;
}

/** Queries of page links, as Graph and other services of OData write them. */
export const LINKS: readonly QueryReport[] = [
  {
    source: issue('microsoftgraph/microsoft-graph-docs-contrib', 8697),
    input: '$skipToken with a capital letter',
    right: 'comes back, and is accepted back',
    query: '$top=999&$skipToken=RFNwdAIAAQAAAB',
  },
  {
    source: issue('microsoftgraph/microsoft-graph-explorer-v4', 1178),
    input: 'a token with percent-encoded +, / and =',
    right: 'stays encoded',
    query: '$skiptoken=Pc2xDsIgFEDRX2ne%2fiIgIE3EBB%2fFdDFOrk0jDCS1NbVV%2b%2ffqoOs%3d',
  },
  {
    source: issue('microsoftgraph/msgraph-sdk-dotnet', 1184),
    input: 'a token that is encoded JSON in two letter cases',
    right: 'comes back byte for byte',
    query: '$skiptoken=%5b%7B%22token%22%3a%22%2bRID%3a~vpsQ%3d%3d%23RT%3a1%23ISV%3a2%22%7D%5d',
  },
  {
    source: issue('microsoftgraph/microsoft-graph-docs', 5029),
    input: 'a link without a token',
    right: 'comes back, and is accepted back',
    query: '$top=5&$skip=1486',
  },
  {
    source: pull('nerdsane/temper', 337),
    input: 'encoded names beside one that is not',
    right: 'stays as it is',
    query: '%24orderby=displayName&%24top=2&$skiptoken=TOKEN',
  },
  {
    source: issue('OData/WebApi', 2177),
    input: 'a token with + and :',
    right: 'comes back byte for byte',
    query: '$skiptoken=StartDate-2020-05-29T08:48:29.2464819+01:00',
  },
  {
    source: issue('SAP/olingo-jpa-processor-v4', 48),
    input: 'a token in quotes',
    right: 'comes back with them',
    query: "$skiptoken='1c038bc8-bb6a-4ac0-8253-9f4117ceb9f1'",
  },
  {
    source: issue('diegomvh/angular-odata', 72),
    input: 'a token with hyphens',
    right: 'comes back byte for byte',
    query: '$skiptoken=RFNwdAoAAQ-P8SZhNEp2n7Frw9z3wBAAAA_AFWAAAAAQIAAAA',
  },
];

/** Queries that callers write themselves. */
export const OPTIONS: readonly QueryReport[] = [
  {
    source: issue('oasis-tcs/odata-specs', 1750),
    input: '$top appended to a page link',
    right: 'goes to Graph, which decides',
    query: '$skiptoken=x&$top=2',
  },
  {
    source: issue('OData/WebApi', 425),
    input: 'an option with a capital letter',
    right: 'is the same option, and goes to Graph as it was written',
    query: '$Top=12',
  },
  {
    source: issue('OData/WebApi', 1071),
    input: 'an option that does not exist',
    right: '400 that names it',
    query: '$Bob=11',
    refused: '$Bob is not supported',
  },
  {
    source: issue('oasis-tcs/odata-specs', 929),
    input: 'one option in two letter cases',
    right: '400: it is given twice',
    query: '$top=5&$Top=10',
    refused: '$top appears twice',
  },
  {
    source: issue('OData/AspNetCoreOData', 443),
    input: 'an option without the dollar sign',
    right: '400: without it, all properties would come',
    query: 'select=name,isComplete',
    refused: 'write $select',
  },
  {
    source: pull('axios/axios', 1565),
    input: 'an array in brackets',
    right: '400 that names it',
    query: '$select[]=id&$select[]=displayName',
    refused: '$select[] is not supported',
  },
  {
    source: issue('axios/axios', 3316),
    input: 'an array in encoded brackets',
    right: '400 that names it',
    query: '%24select%5B%5D=id',
    refused: '$select[] is not supported',
  },
  {
    source: issue('microsoft/kiota', 625),
    input: 'an array that was written as its type',
    right: '400',
    query: 'select=System.String[]',
    refused: 'write $select',
  },
];
