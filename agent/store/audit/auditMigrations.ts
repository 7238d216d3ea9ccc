import type { Migrations } from '../migrations';

/** The audit log, a database of its own: retention and a damaged history do not touch it. */
export const auditMigrations: Migrations = [
  `CREATE TABLE audit (
     number INTEGER PRIMARY KEY,
     time INTEGER NOT NULL,
     action TEXT NOT NULL,
     actor TEXT NOT NULL,
     subject TEXT NOT NULL,
     details TEXT NOT NULL,
     hash TEXT NOT NULL
   );
   CREATE TRIGGER audit_appends BEFORE INSERT ON audit
     WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit)
     BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;
   CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
     BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;
   CREATE TRIGGER audit_keeps_text BEFORE UPDATE ON audit
     BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;`,
  // Up to which row a copy has them.
  'CREATE TABLE copied (path TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;',
];
