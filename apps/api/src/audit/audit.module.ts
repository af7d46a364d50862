import { Module } from '@nestjs/common';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { Log } from '../observability/logging.ts';
import { AuditAlarm } from './audit-alarm.ts';
import { AuditFile } from './audit-file.ts';
import { AuditInLog } from './audit-in-log.ts';
import { AuditLog } from './audit-log.ts';
import { KeyAudit } from './key-audit.ts';
import { WriteAudit } from './write-audit.ts';

/** The audit log, and the audits of writes and of Idempotency-Keys. */
@Module({
  providers: [
    AuditAlarm,
    {
      provide: AuditLog,
      useFactory: ({ auditFile }: Config, log: Log) =>
        auditFile === undefined ? new AuditInLog(log) : new AuditFile(auditFile),
      inject: [CONFIG, Log],
    },
    KeyAudit,
    WriteAudit,
  ],
  exports: [AuditLog, KeyAudit, WriteAudit],
})
export class AuditModule {}
